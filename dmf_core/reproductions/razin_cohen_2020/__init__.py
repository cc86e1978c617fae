"""Razin and Cohen 2020: implicit regularization in deep learning may not be explainable by norms."""
