"""The animation as an MP4 film, where PyAV is installed."""

import importlib.util
import io
from typing import Any

import numpy as np

from dmf_core import __version__
from ui.export.source import Source, Tell
from ui.figures.film import film
from ui.figures.static import description

RATE = 30  # pictures a second
SECONDS = 12  # of the player at speed 1
LAST_SECONDS = 2  # that the last picture stays
DPI = 120  # 1344 x 744 pixels


def missing() -> str:
    """Why there is no film on this server, or nothing."""
    if importlib.util.find_spec("av") is not None:
        return ""
    return "The film as MP4 needs the package av on the server: python -m pip install av."


def mp4(source: Source, tell: Tell) -> bytes:
    """H.264 at constant speed along the axis shown; the last picture stays a little."""
    import av  # an optional extra
    from av.video import VideoStream

    movie = film(source.run, source.spec, source.options, DPI)
    table = np.full((256, 4), 255, np.uint8)  # opacity, red, green, blue
    table[: len(movie.colours.table), 1:] = movie.colours.table
    stream = io.BytesIO()
    with av.open(stream, "w", format="mp4") as container:
        container.metadata["title"] = f"DMF Lab, run {source.spec.digest()[:8]}"
        container.metadata["comment"] = description(source.spec, source.view.model_dump_json())
        container.metadata["encoder"] = f"DMF Lab {__version__}"
        video = container.add_stream("libx264", rate=RATE, options={"preset": "veryfast", "crf": "18", "threads": "1"})
        assert isinstance(video, VideoStream)
        video.width, video.height = movie.size
        video.pix_fmt = "yuv420p"
        count = RATE * SECONDS if len(source.run.snapshots) > 1 else 1
        for number, frame in enumerate(movie.frames(count)):
            tell(number / count)
            picture: Any = frame, table  # with its palette: made RGB first, coding takes 1.7 times as long
            pixels = av.VideoFrame.from_ndarray(picture, format="pal8")
            for _ in range(1 if number < count - 1 else RATE * LAST_SECONDS):
                pixels.pts = None
                container.mux(video.encode(pixels))
        container.mux(video.encode())
    return stream.getvalue()
