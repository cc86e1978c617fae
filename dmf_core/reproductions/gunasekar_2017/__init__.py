"""Gunasekar et al. 2017: implicit regularization in matrix factorization."""
