"""Hariz et al. 2022: deep CP completion."""
