"""A run as CSV, one row a snapshot, for a spreadsheet or a plot of one's own."""

from dmf_core.trajectory import Trajectory

COLUMNS = ("t", "iteration", "gradients", "seconds", "loss")


def to_csv(trajectory: Trajectory) -> str:
    """t, iteration, gradients, seconds, loss, every measure, sigma_1 .. sigma_k. Empty where a number does not exist.

    Numbers are printed so that reading them gives the same bits.
    """
    first = trajectory.snapshots[0]
    names = [*COLUMNS, *first.measures, *(f"sigma_{r}" for r in range(1, len(first.singular_values) + 1))]
    lines = [",".join(names)]
    for snapshot in trajectory.snapshots:
        values = [getattr(snapshot, name) for name in COLUMNS]
        values += [snapshot.measures[key] for key in first.measures]
        values += snapshot.singular_values.tolist()
        lines.append(",".join("" if value is None else repr(value) for value in values))
    return "\n".join(lines) + "\n"
