"""How a server writes its log: plain lines or, with DMF_LOG=json, one JSON object a line, both to stderr.

The words of an exception may quote an upload, so a traceback is written as its class and the places in the program.
"""

import json
import logging
import os
import threading
import traceback
from collections.abc import Mapping
from typing import Any, Literal, TextIO

from dmf_core.events.records import FaultRecord, Record, as_text, fields_of, moment_of
from dmf_core.events.reporting import LOGGER, record

VARIABLE = "DMF_LOG"
Format = Literal["json", "text"]


def log_format(environment: Mapping[str, str] = os.environ) -> Format:
    """The format of the log that DMF_LOG names: "json", or else "text"."""
    return "json" if environment.get(VARIABLE, "").strip().lower() == "json" else "text"


class Lines(logging.Formatter):
    """One line for each record of the log: those of `dmf_core.events` by their fields, others by their message."""

    def __init__(self, kind: Format) -> None:
        super().__init__()
        self.kind = kind

    def format(self, record: logging.LogRecord) -> str:
        values = _values(record)
        if self.kind == "json":
            return json.dumps(values, ensure_ascii=False, default=str)
        event = getattr(record, "record", None)
        if isinstance(event, Record):
            return f"{values['at']} {values['level']} {as_text(event)}"
        return "\n".join(filter(None, ["{at} {level} {logger}: {message}".format(**values), values.get("traceback")]))


def configure(stream: TextIO | None = None, environment: Mapping[str, str] = os.environ) -> logging.Handler:
    """For a server, once: everything that is logged goes to stderr in the format of DMF_LOG, faults of threads too."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Lines(log_format(environment)))
    logging.getLogger().addHandler(handler)
    logging.getLogger(LOGGER).setLevel(logging.INFO)
    threading.excepthook = _fault_of_thread
    return handler


def places_of(error: BaseException) -> str:
    """The class of an exception and the places in the program that it went through, without its words."""
    lines = [
        f'  File "{place.filename}", line {place.lineno}, in {place.name}' for place in traceback.extract_tb(error.__traceback__)
    ]
    return "\n".join([*lines, type(error).__name__])


def _values(entry: logging.LogRecord) -> dict[str, Any]:
    values: dict[str, Any] = {"at": moment_of(entry.created), "level": entry.levelname.lower()}
    event = getattr(entry, "record", None)
    if isinstance(event, Record):
        return values | {"event": event.event} | fields_of(event)
    values |= {"event": "log", "logger": entry.name, "message": entry.getMessage()}
    if entry.exc_info and entry.exc_info[1] is not None:
        values["traceback"] = places_of(entry.exc_info[1])
    return values


def _fault_of_thread(hook_args: "threading.ExceptHookArgs") -> None:
    if hook_args.exc_value is not None and hook_args.exc_type is not SystemExit:
        record(FaultRecord("thread", hook_args.exc_type.__name__, traceback=places_of(hook_args.exc_value)))
