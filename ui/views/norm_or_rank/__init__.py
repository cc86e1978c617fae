"""Norm or rank? A run and its minimum nuclear norm baseline."""
