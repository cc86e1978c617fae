"""Arora, Cohen, Hu, Luo 2019: implicit regularization in deep matrix factorization."""
