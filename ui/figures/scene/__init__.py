"""What a picture over time shows of a run, derived once. Every renderer (Plotly, SVG, PDF, PNG, films) draws this."""

from ui.figures.scene.scene import Scene, scene

__all__ = ["Scene", "scene"]
