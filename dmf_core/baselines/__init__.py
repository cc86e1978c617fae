"""What a user would try instead of a deep factorization."""
