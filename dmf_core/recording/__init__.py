"""Which moments of a run are recorded, what is measured there, and when the run stops."""
