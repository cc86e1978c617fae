"""A run in words: its verdict and its sentences. Each is derived from numbers. Pure."""
