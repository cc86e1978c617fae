"""What the theory says about a point of a run, to be laid over what was measured. Each file names its theorem."""
