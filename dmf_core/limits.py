"""Every limit of the program, defined once. Widgets, command line, URL and archive all read this file."""

MIN_SIDE = 2  # with one row or column, every matrix has rank 1
MAX_SIDE = 2000  # rows, columns and hidden width
MAX_DEPTH = 8  # factors of a matrix, or layers of each node of a tensor model
MAX_FACTORS = 100  # that are given: a tree over 6 modes has 11 nodes, each of at most MAX_DEPTH
MAX_SMALL_SIDE = 100  # of the problems made to show one theorem
MAX_DRAWN_SIDE = 100  # of a mask that is drawn entry by entry
MAX_SEEN = 1000.0  # size of an entry that Razin and Cohen's problem is given
MIN_ORDER = 3  # with two sides a tensor is a matrix, which has models of its own
MAX_ORDER = 6  # sides of a tensor; a matrix has 2
MAX_ENTRIES = MAX_SIDE**2  # of W
MAX_COMPONENTS = 20_000  # of a CP model
COMPONENTS_KEPT = 128  # norms of the largest components that a snapshot keeps
MIN_NORM = 1e-6  # of a drawn tensor
MAX_NORM = 1e6  # of the same
MIN_SCALE = 1e-12  # of the start: at 0, deep factors stay where they are
MAX_SCALE = 10.0  # of the same
MAX_NOISE = 100.0  # standard deviation, in units of the truth's root mean square entry
MAX_SEED = 2**31 - 1  # the largest signed number of 32 bits

MIN_TOLERANCE = 1e-10  # relative error of one step; float64 rounds at 1e-16, float32 at 6e-8
MAX_TOLERANCE = 0.1  # of the same: ten times the usual one of the gradient flow
MIN_LEARNING_RATE = 1e-24  # data of 1e9 are 1e16 times faster at depth 8, see Field
MAX_LEARNING_RATE = 1e24  # the same for small data

MIN_LOSS = 1e-60  # in the squared unit of the data, which may be 1e-9 or 1e12
MAX_LOSS = 1e30  # in the same unit; float32 ends at 3.4e38
MIN_RELATIVE_LOSS = 1e-30  # times the loss of W = 0; a relative error of 1e-15, near the rounding of float64
MAX_RELATIVE_LOSS = 1.0  # the loss of W = 0 itself
MAX_TIME = 1e15  # flow time of a run, for data whose typical entry is 1
MAX_STOP_TIME = 1e40  # the same in any unit
MAX_ITERATIONS = 100_000_000  # at 35 microseconds each, the least in `cost`, they take about MAX_SECONDS
MAX_SECONDS = 3600.0  # wall clock of one run

DETERMINANT_SIDE = 8  # above it, a determinant says nothing to a person

MIN_SNAPSHOTS = 2  # of a run: the first point and the last
MAX_SNAPSHOTS = 2000  # of a run; each takes time, memory and room in its archive

LOOSE_UNKNOWNS = 1200  # rank times the shorter side: above it, loose entries are not looked for (2 s at the limit; cubic cost)

INSIGHT_MODES = 12  # the theory is evaluated for so many modes
CHECK_SIDE = 200  # up to this smaller side, every singular vector of W is looked at in every snapshot
INSIGHT_SECONDS = 20.0  # the theory of a longer run is not computed, because that integrates the run once more

IMPLICIT_UNKNOWNS = 800  # implicit_flow solves dense systems of this size; above it is refused
MEASUREMENT_BYTES = 1 << 30  # all sensing matrices of one run together
RUN_BYTES = 4 << 30  # everything that one run holds in memory
RUN_SECONDS = 3600.0  # estimated cost above which a run is refused before it starts
RUN_WITHOUT_ASKING_SECONDS = 3.0  # estimated cost up to which a released control starts the run

MIN_COMPARED = 2  # one run alone is Explore's
MAX_COMPARED = 4  # runs that Compare shows side by side
MAX_TRIED = 60  # runs that a session remembers

SWEEP_RUNS = 20_000  # of one sweep

STORE_BYTES = 4 << 30  # all archives of the store together; the least recently used go first
STORE_ROWS = 200_000  # runs that its index knows

UPLOAD_BYTES = 200 << 20  # one uploaded file
ARCHIVE_BYTES = 2 << 30  # an archive, all members unpacked
ARCHIVE_MEMBERS = 300  # files in one zip, before any of them is read; deep tensors of order 6 have over 200
ARCHIVE_NUMBER = 1e150  # in its arrays: a run ends as diverged long before, and squares stay finite
PICTURE_SIDE = 128  # a recorded picture of W has at most this many rows and columns
PENDING_BYTES = 256 << 20  # samples waiting to be measured
MAX_ENTRY = 1e12  # size of one given number: its square, summed, must stay finite in float32
IMAGE_PIXELS = 50_000_000  # of an uploaded picture, before it is reduced

BASELINE_ENTRIES = 20_000  # of a tensor whose baselines a page offers

MIN_GAP = 1e-8  # relative duality gap of the minimum nuclear norm
MAX_GAP = 1e-2  # of the same
BASELINE_ITERATIONS = 1_000_000  # of the minimum nuclear norm; 40 to 1000 are usual
BASELINE_MEASUREMENTS = 6000  # or unknowns, where they are fewer: the baseline squares the measurements once

LECTURE_BYTES = 200_000  # of a scene script
LECTURE_SCENES = 60  # of a lecture
LECTURE_ANSWERS = 400  # different ones on the axis of a question
LECTURE_SKETCH_POINTS = 13  # of a curve that is sketched: what a finger can mean, in 40 bytes
LECTURE_SKETCHES = 60  # that are shown at once; more are one grey patch
LECTURE_PAYLOAD_BYTES = 170_000  # of a run on a phone, before it is packed: 7 matrices or more of a run of 60 x 60
LECTURE_PACKED_BYTES = 70_000  # of the same, packed; with the page of 60 kB a phone then loads 130 kB
LECTURE_RUNS = 400  # packed ones in the file of the rooms
LECTURE_ROOMS = 40  # of one server
LECTURE_CONNECTIONS = 500  # of phones, projectors and desks of all rooms together; the next one is sent away
LECTURE_MESSAGE_BYTES = 4096  # from a phone or a presenter
LECTURE_MESSAGES = 10  # from a phone, a second
LECTURE_TRIES = 60  # of codes that no room has, from one address in a minute
