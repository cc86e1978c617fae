"""The state of one browser tab, and the links that hold it."""
