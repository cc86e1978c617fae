"""Chou et al. 2020: gradient descent for deep matrix factorization, its dynamics and implicit bias towards low rank."""
