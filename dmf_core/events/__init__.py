"""What happens on a server: one record for each job, room, refusal and fault, for its log and its counters.

A record has the fields of its class and no others, so that no upload, answer or key can get into the log by the way.
"""

from dmf_core.events.records import FaultRecord, FrameRecord, JobRecord, Record, RefusalRecord, RoomRecord, SubmissionRecord
from dmf_core.events.reporting import listen, record, refused

__all__ = [
    "FaultRecord",
    "FrameRecord",
    "JobRecord",
    "Record",
    "RefusalRecord",
    "RoomRecord",
    "SubmissionRecord",
    "listen",
    "record",
    "refused",
]
