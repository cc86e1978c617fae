"""Gradient descent on a noisy symmetric target: our own derivation."""
