"""The hall of a server: where its file lies, and when there is none."""

import logging
import os
import sqlite3
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import platformdirs

from dmf_core.errors import BadInput
from dmf_core.events.log import log_format
from dmf_core.jobs import JobQueue
from ui.lecture import keys
from ui.lecture.answer_book import AnswerBook
from ui.lecture.driver_actions import Price
from ui.lecture.hall import Hall

VARIABLE = "DMF_LECTURES"
OFF = "off"  # no rooms, and nothing below /live
FILE = "rooms.sqlite"
log = logging.getLogger(__name__)


def lectures_directory(environment: Mapping[str, str] = os.environ) -> Path | None:
    """The folder that DMF_LECTURES names, else one of the user's data; None where lectures are off."""
    text = environment.get(VARIABLE, "").strip()
    if text.lower() == OFF:
        return None
    return Path(text).expanduser() if text else Path(platformdirs.user_data_dir("dmf-lab", appauthor=False)) / "lectures"


def opened_hall(queue: Callable[[], JobQueue], price: Price) -> Hall | None:
    """Started on the running event loop. None where lectures are off, or where the file cannot be used: the log says why."""
    directory = lectures_directory()
    if directory is None:
        return None
    try:
        book = AnswerBook(directory / FILE)
    except (OSError, sqlite3.Error) as error:
        log.warning("There are no lectures: %s cannot be used (%s); name another folder with %s.", directory, error, VARIABLE)
        return None
    hall = Hall(book, lambda spec: queue().submit(spec), price=price)
    hall.start()
    if log_format() == "text":  # a log in JSON is collected by others, so it holds no token: `lecture token` prints it
        token = keys.host_token(book.secret)
        print(f"  Lectures are opened from this computer; from another one with the token {token}\n", file=sys.stderr, flush=True)
    return hall


def print_token() -> int:
    """`lecture token`: what opens rooms from another computer, for whoever may read the file of the rooms. Raises BadInput."""
    directory = lectures_directory()
    if directory is None or not (directory / FILE).is_file():
        raise BadInput(f"There are no rooms yet; start the server once with the same {VARIABLE}, which must not be {OFF}.")
    try:
        book = AnswerBook(directory / FILE)
    except (OSError, sqlite3.Error) as error:
        raise BadInput(f"{directory / FILE} cannot be read ({error}); call the command as the user of the server.") from None
    print(keys.host_token(book.secret))
    book.close()
    return 0
