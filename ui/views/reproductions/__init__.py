"""Reproductions: published figures, run again, with their claims."""
