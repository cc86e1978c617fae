"""Milanesi et al. 2021: deep Tucker and deep tensor train completion."""
