"""Where the claims of `milanesi-tucker` fail."""

from .milanesi import counters_of

COUNTERS = counters_of(("recovered-1", "recovered-2", "recovered-3", "strict-1", "strict-2", "strict-3"))
