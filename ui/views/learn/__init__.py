"""Learn: the chapters of the guided tour."""
