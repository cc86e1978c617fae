"""Theory: the statements that hold of a run, over its measurements."""
