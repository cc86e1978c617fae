"""Cao et al. 2022: learning a matrix of rank R in R escapes from saddles."""
