"""What follows from a run that has ended: its theory, its accuracy, its birth times."""
