"""The view on the screen as a still picture."""

from ui.export.source import Source, Tell
from ui.figures.static import picture


def png(source: Source, _: Tell) -> bytes:
    return picture(source.run, source.spec, "png", source.options, source.view.model_dump_json())


def svg(source: Source, _: Tell) -> bytes:
    return picture(source.run, source.spec, "svg", source.options, source.view.model_dump_json())


def pdf(source: Source, _: Tell) -> bytes:
    return picture(source.run, source.spec, "pdf", source.options, source.view.model_dump_json())
