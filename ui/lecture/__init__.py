"""Lectures: the scene script, and what a lecture needs of the runs that it names."""
