"""Lecture: prepare a lecture, open its room, and the ways to the projector and the desk."""
