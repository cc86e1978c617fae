"""The theory of a run as pictures and sentences, for the page "Theory". Pure; colours come from classes."""
