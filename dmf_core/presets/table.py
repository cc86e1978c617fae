"""The table of presets. Every sentence is checked by tests/presets/."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dmf_core.presets.patterns import CONNECTIVITY

if TYPE_CHECKING:
    from dmf_core.spec import RunSpec


@dataclass(frozen=True)
class Preset:
    """A spec with a name, as changes of the default one."""

    name: str
    group: str  # a key of GROUPS
    title: str
    sentence: str  # one true sentence
    changes: dict[str, Any]  # by path, as in --set

    def spec(self) -> "RunSpec":
        from dmf_core.spec import RunSpec

        return RunSpec().replaced(self.changes)


GROUPS = {
    "published": "The published figures",
    "picture": "A photograph",
    "depth": "What depth does",
    "scale": "What the initial scale does",
    "seen": "Where the observations sit",
    "no-help": "When depth does not help",
    "parametrization": "What the parametrization does",
    "tensors": "Tensors",
}


def _size(rows: int, columns: int, rank: int, observations: int) -> dict[str, Any]:
    sizes = {"rows": rows, "columns": columns, "rank": rank, "observations": observations}
    return {f"problem.{name}": value for name, value in sizes.items()}


_ARORA = _size(100, 100, 5, 2000) | {
    "init.kind": "gaussian",
    "init.scale": 1e-3,
    "integrator.kind": "gradient_flow",
    "stop.loss": 1e-6,
}
_SMALL = _size(60, 60, 5, 1500) | {"model.depth": 3, "init.kind": "balanced", "init.scale": 1e-3, "stop.loss": 1e-4, "seed": 7}
_FORTY = _SMALL | _size(40, 40, 2, 500)
_HIDDEN = {  # Razin and Cohen 2020
    "problem.kind": "razin_cohen",
    "model.depth": 3,
    "init.kind": "balanced",
    "init.scale": 1e-5,
    "integrator.kind": "implicit_flow",
    "integrator.tolerance": 1e-7,
    "stop.loss": 1e-6,
    "dtype": "float64",
}
_SENSED = _size(30, 30, 2, 300) | {
    "problem.kind": "matrix_sensing",
    "model.kind": "hadamard",
    "model.depth": 2,
    "init.kind": "balanced",
    "init.scale": 1e-4,
    "stop.loss": 1e-5,
}
_SPARSE = _SENSED | {"problem.truth": "sparse", "problem.rank": 20}
_TENSOR = {"problem.kind": "tensor_completion", "stop.loss": 1e-4}

_ALL = (
    Preset(
        "arora-completion",
        "published",
        "Five modes from a fifth of the entries",
        "Depth 3 sees 2\u202f000 of 10\u202f000 entries of a rank-5 matrix and misses the rest by less than 1 % of a typical "
        "entry.",
        _ARORA | {"model.depth": 3},
    ),
    Preset(
        "arora-completion-depth2",
        "published",
        "The same entries at depth 2",
        "Depth 2 fits the same 2\u202f000 entries as closely, but its squared error on the unseen ones is over 1\u202f000 times "
        "larger.",
        _ARORA | {"model.depth": 2},
    ),
    Preset(
        "arora-completion-depth4",
        "published",
        "The same entries at depth 4",
        "Depth 4 misses the unseen entries by less than 1 % of a typical entry, as depth 3 does: more depth changes little here.",
        _ARORA | {"model.depth": 4},
    ),
    Preset(
        "arora-completion-half",
        "published",
        "Half of the entries",
        "With 5\u202f000 of the 10\u202f000 entries depth 2 is enough: it misses the rest by less than 1 % of a typical entry.",
        _ARORA | {"model.depth": 2, "problem.observations": 5000},
    ),
    Preset(
        "arora-replacement",
        "published",
        "Were the entries drawn with replacement?",
        "Depth 2 has squared errors of 0.08 to 0.17 in five draws with replacement, of 0.03 to 0.06 without; the published 0.105 "
        "fits the former: evidence, not proof, as arora-figure-1 shows.",
        _ARORA | {"model.depth": 2, "problem.replacement": True},
    ),
    Preset(
        "arora-sensing",
        "published",
        "Random measurements instead of entries",
        "2\u202f000 random measurements of a rank-5 matrix give depth 3 all of its 10\u202f000 entries within 1 % of the "
        "matrix's norm.",
        _ARORA | {"problem.kind": "matrix_sensing", "model.depth": 3},
    ),
    Preset(
        "photograph",
        "picture",
        "A photograph from half of its pixels",
        "Half of the pixels of a photograph bring the others back, the strongest modes first: they are missed by less than half "
        "of what one grey for all of them would miss.",
        {
            "problem.kind": "observed_data",
            "problem.data": "b518d95da560a4bb34a89ecdfb1e773470e26cef4e029b1b61e4a403abd35668",  # problems.samples.PHOTOGRAPH
            "problem.observations": 6120,
            "model.depth": 2,
            "init.kind": "balanced",
            "init.scale": 1e-3,
            "stop.loss": 5e-4,
        },
    ),
    Preset(
        "fewer-entries",
        "depth",
        "What the least norm misses",
        "Depth 3 misses the 2\u202f600 unseen entries by less than 4 % of a typical entry; the smallest nuclear norm that fits, "
        "by over 38 %.",
        _SMALL | {"problem.observations": 1000, "stop.loss": 3e-5, "seed": 10, "integrator.tolerance": 1e-3},  # as the course
    ),
    Preset(
        "depth-1",
        "depth",
        "No factorization",
        "At depth 1 the unseen entries stay where they started, so the error on them never falls.",
        _SMALL | {"model.depth": 1},
    ),
    Preset(
        "two-factors",
        "depth",
        "Two matrices",
        "Two matrices find the five modes too, but the other 55 rise above 1 % of the largest; with three, not to 0.1 %.",
        _SMALL | {"model.depth": 2},
    ),
    Preset(
        "five-modes",
        "depth",
        "Five modes, one by one",
        "From a start near zero five modes are born at five different times, and the other 55 stay below 0.1 % of the largest.",
        _SMALL | {"integrator.tolerance": 1e-3},
    ),
    Preset(
        "five-factors",
        "depth",
        "Five matrices",
        "Five matrices wait for the first mode over twice as long as three, and end as close to the truth.",
        _SMALL | {"model.depth": 5},
    ),
    Preset(
        "rectangular",
        "depth",
        "A wide matrix",
        "A third of the entries of a 40 × 120 matrix of rank 3 give the whole of it within 5 % of its norm.",
        _SMALL | _size(40, 120, 3, 1600),
    ),
    Preset(
        "medium-start",
        "scale",
        "A start of 0.1",
        "From 0.1 the first mode is born four times sooner than from 10⁻³, and the squared unseen error is three times as large.",
        _SMALL | {"init.scale": 0.1},
    ),
    Preset(
        "tiny-start",
        "scale",
        "A start of 10⁻⁵",
        "From 10⁻⁵ the first mode is born four times later than from 10⁻³; the other 55 stay below 0.001 % of the largest.",
        _SMALL | {"init.scale": 1e-5},
    ),
    Preset(
        "tiny-start-depth2",
        "scale",
        "Depth 2 from 10⁻⁶",
        "At depth 2 a start a thousand times smaller does not double the wait, and more than halves the squared unseen error.",
        _SMALL | {"model.depth": 2, "init.scale": 1e-6},
    ),
    *(Preset(name, "seen", title, sentence, _FORTY | changes) for name, title, sentence, changes in CONNECTIVITY),
    Preset(
        "large-start",
        "no-help",
        "A large start",
        "From a start of scale 1 the entries fit sooner, but the squared error on the unseen ones is over 50 times as large.",
        _SMALL | {"init.scale": 1.0, "save.snapshots": 600},  # from this start W moves little: births need more snapshots
    ),
    Preset(
        "too-few",
        "no-help",
        "Too few entries",
        "500 entries are fewer than the 575 degrees of freedom: they fit, and the unseen ones are off by more than their size.",
        _SMALL | {"problem.observations": 500},
    ),
    Preset(
        "disconnected",
        "no-help",
        "Two blocks, nothing between",
        "Two blocks of entries share no row and no column: each is found, but across them guessing zero is twice as good.",
        _SMALL | {"problem.pattern": "disconnected"},
    ),
    Preset(
        "rank-not-norm",
        "no-help",
        "Lower rank, larger norm",
        "On the same 500 entries depth 4 has less than half of depth 2's effective rank, but over 1.5 times its nuclear norm.",
        _SMALL | {"model.depth": 4, "problem.observations": 500},
    ),
    Preset(
        "noise",
        "no-help",
        "Noise is learned last",
        "With noise 0.3 the squared error on the unseen entries first falls, then more than doubles as the noise is fitted.",
        _SMALL | {"problem.noise": 0.3, "stop.loss": 1e-2},
    ),
    Preset(
        "hidden-entry",
        "no-help",
        "Every norm to infinity",
        "Three of four entries are seen. As they fit to a loss of 10⁻⁶, the unseen one grows past 700 and the rank falls to one.",
        _HIDDEN | {"seed": 2},
    ),
    Preset(
        "hidden-entry-other-sign",
        "no-help",
        "The other sign",
        "The same three entries, but the determinant is negative at the start: the unseen entry stays below 15.",
        _HIDDEN | {"seed": 0},
    ),
    Preset(
        "step-too-large",
        "no-help",
        "A step too large",
        "Gradient descent with a learning rate of 100 is above its stable limit and diverges.",
        _SMALL | {"integrator.kind": "gradient_descent", "integrator.learning_rate": 100.0},
    ),
    Preset(
        "symmetric",
        "parametrization",
        "One factor and its transpose",
        "W = U Uᵀ sees 800 of 3\u202f600 entries of a symmetric rank-3 matrix and misses the rest by less than a tenth of what "
        "two separate factors do.",
        _size(60, 60, 3, 800) | {"problem.symmetric": True, "model.kind": "symmetric", "init.scale": 1e-5, "stop.loss": 1e-6},
    ),
    Preset(
        "sparse-entries",
        "parametrization",
        "Few nonzero entries, found entry by entry",
        "300 measurements of 900 entries, 20 of them not zero: where every entry has factors of its own, the flow finds them all "
        "within 1 % of the norm.",
        _SPARSE,
    ),
    Preset(
        "sparse-product",
        "parametrization",
        "The same data, two matrices multiplied",
        "A product of two matrices fits the same 300 measurements as closely and ends over 70 % of the norm away from the sparse "
        "truth.",
        _SPARSE | {"model.kind": "deep_matrix"},
    ),
    Preset(
        "low-rank-entries",
        "parametrization",
        "Low rank, missed entry by entry",
        "300 measurements of a rank-2 matrix, fitted entry by entry: the result is over 70 % of the norm away from the truth.",
        _SENSED,
    ),
    Preset(
        "low-rank-product",
        "parametrization",
        "The same data, and low rank is found",
        "A product of two matrices fits the same 300 measurements and finds the rank-2 matrix within 3 % of the norm.",
        _SENSED | {"model.kind": "deep_matrix"},
    ),
    Preset(
        "unseen-entries",
        "parametrization",
        "Nothing ties the entries together",
        "In completion every observed entry is fitted by itself, and each unseen one stays where it started.",
        _SENSED | {"problem.kind": "matrix_completion"},
    ),
    Preset(
        "three-components",
        "tensors",
        "Three components, one by one",
        "A CP model of 256 components that sees 1\u202f200 of 4\u202f096 entries grows three of them; the others never come.",
        _TENSOR | {"problem.observations": 1200, "init.scale": 3e-3},
    ),
    Preset(
        "components-large-start",
        "tensors",
        "The same entries from a large start",
        "From a start 100 times larger the same model fits these entries with over 50 components, and misses the rest.",
        _TENSOR | {"problem.observations": 1200, "init.scale": 0.3},
    ),
    Preset(
        "multilinear-rank",
        "tensors",
        "A Tucker model finds the multilinear rank",
        "Every unfolding ends with three singular values above 1 % of the largest, as the truth has.",
        _TENSOR
        | {
            "model.kind": "tucker",
            "problem.truth": "tucker",
            "problem.rank": [3, 3, 3],
            "problem.observations": 1200,
            "init.scale": 1e-2,
        },
    ),
    Preset(
        "train-ranks",
        "tensors",
        "A tensor train finds its ranks",
        "Every cut ends with three singular values above 1 % of the largest, as the truth has.",
        _TENSOR
        | {
            "model.kind": "tensor_train",
            "problem.truth": "tensor_train",
            "problem.rank": 3,
            "problem.observations": 1500,
            "init.scale": 1e-2,
        },
    ),
    Preset(
        "tree-ranks",
        "tensors",
        "A tree finds its ranks, axes and pairs alike",
        "The cut in the middle and every unfolding end with two singular values above 1 % of the largest, as the truth has.",
        _TENSOR
        | {
            "problem.shape": [8, 8, 8, 8],
            "model.kind": "hierarchical_tucker",
            "problem.rank": 2,
            "problem.observations": 2000,
            "init.scale": 3e-2,
        },
    ),
)
PRESETS = {preset.name: preset for preset in _ALL}
