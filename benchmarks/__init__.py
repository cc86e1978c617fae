"""One question per file; each prints a table and one JSON line. `python -m benchmarks` runs all."""
