"""Does a lecture hold with two hundred phones? `python -m benchmarks.lecture`."""
