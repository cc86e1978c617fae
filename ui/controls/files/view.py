"""How a file was read, on the page: title and sentence, the preview, the question where two readings are likely."""

import json
import shlex
from collections.abc import Callable, Mapping
from html import escape
from typing import Any

import streamlit as st

from dmf_core.data import Reading
from ui.controls.echo import Echo
from ui.controls.files.choices import Control, chosen, controls
from ui.controls.press import press
from ui.figures.files.flags import in_controls
from ui.figures.files.free_entries import free_entries, grey_picture
from ui.figures.files.preview import bars, caption, lines, table, title
from ui.figures.text.glossary import with_meanings
from ui.figures.typeset import typeset
from ui.figures.words import capital
from ui.markup import markup
from ui.session.upload import Candidate, Upload, changed, guessed
from ui.words import size

READ_AS = Echo("choices of a file")
SHOWN = "read as of"  # in the session: the file whose choices the page shows
Take = Callable[[Upload], None]  # what a page does with the file that was read anew


def read_as(upload: Upload, take: Take) -> None:
    """The choices, in the sidebar or wherever the page puts them. A change reads the file again at once."""
    st.session_state[SHOWN] = upload
    listed = controls(upload)
    if not listed:
        return
    st.caption(f"{_plain(upload.name)}, {size(len(upload.content))}, read in {upload.seconds:.1f} s")
    with st.container(key="read-as", gap=None):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="read-as-head"):
            st.markdown("**Read as**")
            if upload.choices:
                st.button("As guessed", type="tertiary", on_click=lambda: take(guessed(upload)))
        for control in listed:
            _select(upload, control, take)
        READ_AS.end()
    st.caption("A change reads the file again at once." + (" What you set is marked *yours*." if upload.choices else ""))


def _select(upload: Upload, control: Control, take: Take) -> None:
    key = f"Read as {control.option}"

    def change(value: object) -> None:
        if st.session_state[SHOWN] is upload:  # else the value of a widget that is no longer there
            take(changed(upload, chosen(upload, control.option, "" if value is None else str(value))))

    READ_AS.follow(key, control.value)
    st.selectbox(
        f"{control.label} :gray[*yours*]" if control.yours else control.label,
        control.values,
        index=control.values.index(control.value),
        key=key,
        format_func=control.shown,
        accept_new_options=control.free,
        on_change=READ_AS.chosen(key, change),
    )


def head(upload: Upload, nothing: str = "Nothing was changed.") -> None:
    """What the file is, how it was read and what was left out; or the question; or why it is refused, and `nothing`."""
    if upload.refusal:
        st.warning(f"{upload.name}: {in_controls(upload.refusal)} {nothing}", icon=":material/warning:")
        return
    name = f"<b>{escape(upload.name)}</b>"
    if upload.reading is not None:
        about, sentence = title(upload.reading), escape(typeset(in_controls(upload.reading.words)))
        text = f"{name} was {sentence[:1].lower()}{sentence[1:]}" if sentence.startswith("Read ") else f"{name}: {sentence}"
    else:
        about, text = (
            "How is this file meant?",
            f"{name}: {escape(typeset(in_controls(upload.question)))}. Nothing runs until you choose.",
        )
    markup(f'<div class="nr fl"><h2 class="fl-title">{about}</h2><p>{text}</p></div>', "file head")


def account_line(account: Mapping[str, Any]) -> None:
    """How the data of a run were read that came with an archive or from another page."""
    sentences = escape(typeset(in_controls(" ".join([account["sentence"], *account["notes"]]))))
    markup(f'<div class="nr fl"><p><b>Its data.</b> {sentences}</p></div>', "file head")


def details(upload: Upload) -> None:
    """The first rows, the values, the first lines of the file, what can never be known, and the same as JSON and command."""
    reading = upload.reading
    if reading is None:
        return
    raw = lines(reading)
    right = f"<h3>The file itself</h3>{raw}" if raw else ""
    if reading.account.kind != "picture":
        right += f"<h3>What can never be known <small>whatever the depth or the start</small></h3>{free_entries(reading.array)}"
    page = f'<div class="nr fl"><div class="fl-two"><div>{_shown(reading)}</div><div>{right}</div></div></div>'
    markup(with_meanings(page), "file preview")
    with st.container(horizontal=True, vertical_alignment="center"):
        text = json.dumps(reading.account.as_json(), allow_nan=False, ensure_ascii=False)
        st.download_button("How it was read (JSON)", text, f"{upload.name}.json", "application/json", on_click="ignore")
        st.code(command(upload), language=None, wrap_lines=True)
    st.caption("Stays on this server, for your visit only.")


def command(upload: Upload) -> str:
    """The same choice on the command line."""
    flags = {("image-side" if name == "image_side" else f"data-{name}"): value for name, value in upload.options.items()}
    arguments = "".join(f" --{name}{'=' if value.startswith('-') else ' '}{shlex.quote(value)}" for name, value in flags.items())
    return f"python -m dmf_core data {shlex.quote(upload.name)}{arguments}"


def question(upload: Upload, take: Take) -> None:
    """Every likely reading as a choice, with its preview and the flags that choose it on the command line."""
    for start in range(0, len(upload.candidates), 2):
        pair = upload.candidates[start : start + 2]
        for column, candidate in zip(st.columns(2, gap="medium"), pair, strict=False):
            with column:
                _offer(upload, candidate, take)


def _offer(upload: Upload, candidate: Candidate, take: Take) -> None:
    choice, reading = candidate.choice, candidate.reading
    label = capital(typeset(choice.reading))
    if press(_plain(label), f"reading {choice.flags}", width="stretch"):
        take(changed(upload, dict(choice.options)))
        st.rerun()
    others = [each.reading for each in upload.candidates if each is not candidate and each.reading is not None]
    body = f'<p class="nr-proof">{escape(choice.flags)}</p>'
    if reading is None:
        body += f"<p>{escape(typeset(in_controls(candidate.problem)))}</p>"
    else:
        body += f"<p>{escape(typeset(in_controls(reading.words)))}</p>{_shown(reading, others[0] if len(others) == 1 else None)}"
    markup(f'<div class="nr fl">{body}</div>', f"reading of {choice.flags}")


def _shown(reading: Reading, other: Reading | None = None) -> str:
    if reading.account.kind == "picture":
        return f'<img class="fl-picture" src="{grey_picture(reading.array)}" alt="The picture in grey values"/>'
    return f'{table(reading, other)}<p class="nr-proof">{caption(reading)}</p>{bars(reading)}'


def _plain(text: str) -> str:
    return "".join(f"\\{letter}" if letter in "\\`|*_[]$<>~:" else letter for letter in text)
