"""A file that a visitor gave: how it was read, seen and changed on every page that takes one."""

from ui.controls.files.adopt import adopt, current, waits_for_choice
from ui.controls.files.page import file_body, file_head
from ui.controls.files.view import details, head, question, read_as

__all__ = ["adopt", "current", "details", "file_body", "file_head", "head", "question", "read_as", "waits_for_choice"]
