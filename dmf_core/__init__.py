"""Deep matrix factorization by gradient flow: simulate, record, explain."""

__version__ = "0.1.0"
