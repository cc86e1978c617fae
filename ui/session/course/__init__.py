"""Learn: the chapters of the course, what their words and questions are computed from, and how far a visitor is. Pure."""
