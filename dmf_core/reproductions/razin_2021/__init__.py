"""Razin, Maman, Cohen 2021: implicit regularization in tensor factorization."""
