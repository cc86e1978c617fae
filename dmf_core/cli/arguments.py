"""The arguments of every command."""

import argparse
from collections.abc import Sequence
from typing import NoReturn

from dmf_core import __version__
from dmf_core.errors import BadInput

EXAMPLES = """examples:
  python -m dmf_core run --preset arora-completion --out run.zip
  python -m dmf_core run --set model.depth=2 --set init.scale=1e-4 --json
  python -m dmf_core data ratings.csv --data-columns user,item,rating
  python -m dmf_core run --data ratings.csv --set problem.observations=10000
  python -m dmf_core norm-or-rank --preset arora-completion-depth2
  python -m dmf_core norm-or-rank --set problem.kind=tensor_completion
  python -m dmf_core verify run.zip
  python -m dmf_core reproduce razin-cohen --keep runs
  python -m dmf_core reproduce arora-figure-3 --data u.data
  python -m dmf_core sweep --preset five-modes --axis model.depth=2,3 --axis seed=0:9 --out depths
  python -m dmf_core store list
  python -m dmf_core lecture check lecture.toml"""


LISTED = 40  # stored runs


class _Parser(argparse.ArgumentParser):
    """One sentence instead of usage and error."""

    def error(self, message: str) -> NoReturn:
        raise BadInput(f"{message[0].upper()}{message[1:]}; see {self.prog} --help.")


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The parsed arguments; `command` names the command. Raises BadInput."""
    parser = _Parser(
        prog="python -m dmf_core",
        description="Deep matrix factorization by gradient flow: run, look at, check.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"DMF Lab {__version__}")
    commands = parser.add_subparsers(
        dest="command", required=True, metavar="run|data|show|verify|presets|norm-or-rank|sweep|reproduce|store|lecture"
    )
    run = commands.add_parser("run", help="run a spec", allow_abbrev=False)
    baselines = commands.add_parser(
        "norm-or-rank", help="run a spec beside the minimum nuclear norm, or a tensor beside its baselines", allow_abbrev=False
    )
    field = commands.add_parser("sweep", help="run a field of specs over axes of settings", allow_abbrev=False)
    for command in (run, baselines, field):
        _add_spec(command)
    _add_sweep(field)
    run.add_argument("--factors", metavar="FILE.npz", help="start from these factors W1 .. WN")
    run.add_argument("--out", metavar="FILE.zip", help="write the run as an archive")
    run.add_argument("--pin", action="store_true", help="keep the run in the store, with your own data where it has some")
    data = commands.add_parser("data", help="say how a file is read; runs nothing", allow_abbrev=False)
    data.add_argument("file", metavar="FILE", help="a matrix, list of entries, tensor or picture")
    _add_reading(data)
    show = commands.add_parser("show", help="look at an archive", allow_abbrev=False)
    verify = commands.add_parser("verify", help="run an archive again and compare", allow_abbrev=False)
    for command in (show, verify):
        command.add_argument("file", metavar="FILE.zip")
    for command in (run, show):
        command.add_argument(
            "--completed", metavar="FILE", help="write the completed data in their unit: .csv or .npz with names, or .npy"
        )
    presets = commands.add_parser("presets", help="list the named specs", allow_abbrev=False)
    again = commands.add_parser("reproduce", help="run a published figure again and check its claims", allow_abbrev=False)
    again.add_argument("name", nargs="?", metavar="NAME", help="which one; --list names them")
    again.add_argument("--list", action="store_true", help="list the figures")
    again.add_argument("--quick", action="store_true", help="a part that takes seconds")
    again.add_argument("--record", action="store_true", help="write the result into the program, as that of this version")
    again.add_argument("--all", action="store_true", help="with --record: every figure")
    again.add_argument(
        "--keep",
        metavar="DIR",
        help="keep finished runs here, and use those that are there (else they are kept until all are done)",
    )
    _add_data(again, "ratings, for the half of arora-figure-3 that is about them")
    _add_store(commands.add_parser("store", help="the runs that are stored", allow_abbrev=False))
    lecture = commands.add_parser("lecture", help="prepare a lecture", allow_abbrev=False)
    lecture.set_defaults(json=False)
    actions = lecture.add_subparsers(dest="action", required=True, metavar="check|handout|token")
    check = actions.add_parser("check", help="read a scene script, make its runs and store them", allow_abbrev=False)
    check.add_argument("file", metavar="FILE.toml", help="a scene script, see docs/lectures.md")
    check.add_argument("--json", action="store_true", help="print one JSON value")
    sheet = actions.add_parser("handout", help="write the lecture as one HTML file that needs no server", allow_abbrev=False)
    sheet.add_argument("file", metavar="FILE.toml", help="a scene script, see docs/lectures.md")
    sheet.add_argument("--room", metavar="CODE", help="with the answers of this room of the computer")
    sheet.add_argument("--pdf", action="store_true", help="a PDF of stills instead: a page for every scene, without answers")
    sheet.add_argument("--out", metavar="FILE.html", help="where to write it (default: beside the script)")
    actions.add_parser("token", help="print what opens rooms from another computer than the server", allow_abbrev=False)
    for command in (run, data, show, verify, presets, baselines, field, again):
        command.add_argument("--json", action="store_true", help="print one JSON value")
    for command in (run, field, again):
        command.add_argument(
            "--scheduler",
            metavar="ADDRESS",
            help="compute on the dask cluster at tcp://host:8786; default: DMF_SCHEDULER, or here",
        )
    for command in commands.choices.values():
        command.add_argument(
            "--plugin", action="append", default=[], metavar="FILE.py", help="load kinds of your own, see docs/plugins.md"
        )
    return parser.parse_args(arguments)


def _add_sweep(command: argparse.ArgumentParser) -> None:
    """The arguments of `sweep`: which settings vary, and what is stored."""
    add = command.add_argument
    add(
        "--axis",
        action="append",
        default=[],
        metavar="PATH=VALUES",
        help="2,3,4 or a:b or a:b:step or a:b:Nlog or a:b:Nlin; PATH,PATH=.. for settings that vary together",
    )
    add("--measure", metavar="NAME", help="whose median is printed, for example reconstruction_error")
    add("--out", metavar="DIR", help="write runs.csv and runs.parquet there")
    add("--archives", action="store_true", help="keep every run whole, and write archives.zip too")


def _add_store(command: argparse.ArgumentParser) -> None:
    """The arguments of `store`: list, verify, prune, pin and export stored runs."""
    command.set_defaults(most=LISTED, json=False)
    actions = command.add_subparsers(dest="action", metavar="list|verify|prune|pin|export")
    shown = actions.add_parser("list", help="list them, the latest used first", allow_abbrev=False)
    shown.add_argument("--most", type=int, default=LISTED, metavar="N", help=f"at most so many ({LISTED})")
    checked = actions.add_parser(
        "verify", help="check every archive against its hashes; damaged ones are removed", allow_abbrev=False
    )
    pruned = actions.add_parser("prune", help="remove the least recently used ones", allow_abbrev=False)
    pruned.add_argument("--bytes", metavar="SIZE", help="keep at most so much, for example 500MB")
    pruned.add_argument("--rows", type=int, metavar="N", help="keep at most so many runs")
    pruned.add_argument("--all", action="store_true", help="remove all that are not pinned")
    pinned = actions.add_parser("pin", help="keep a run whatever the limits say", allow_abbrev=False)
    pinned.add_argument("--off", action="store_true", help="let it go again")
    exported = actions.add_parser("export", help="write the archive of a run", allow_abbrev=False)
    exported.add_argument("--out", metavar="FILE.zip", help="where to (DIGEST.zip)")
    for action in (pinned, exported):
        action.add_argument("digest", metavar="DIGEST", help="its first digits")
    for action in (shown, checked, pruned):
        action.add_argument("--json", action="store_true", help="print one JSON value")


def _add_spec(command: argparse.ArgumentParser) -> None:
    """What is to be run, and on which data."""
    command.add_argument("spec", nargs="?", metavar="SPEC.json", help="a spec, or what differs from the default; - for stdin")
    command.add_argument("--preset", metavar="NAME", help="start from a named spec")
    command.add_argument("--set", action="append", default=[], metavar="PATH=VALUE", help="e.g. model.depth=2; empty for null")
    command.add_argument("--mask", metavar="FILE", help="which entries are observed: a table of 0 and 1")
    _add_data(command, "a matrix or tensor to complete: CSV, NPY, list, picture")


def _add_data(command: argparse.ArgumentParser, item: str) -> None:
    command.add_argument("--data", metavar="FILE", help=item)
    _add_reading(command)


def _add_reading(command: argparse.ArgumentParser) -> None:
    """The arguments that choose how a file is read."""
    add = command.add_argument
    add("--data-kind", default="auto", metavar="KIND", help="auto, table, list, tensor or picture (also: matrix, ratings, image)")
    add("--data-columns", metavar="A,B,C", help="row, column and value of a list, by name or number: user,item,rating")
    add("--data-header", metavar="yes|no", help="whether the first row holds names")
    add("--data-index", metavar="yes|no", help="whether the first column holds names")
    add("--data-separator", metavar="MARK", help="comma, semicolon, tab, pipe, space, :: or another character")
    add("--data-decimal", metavar="MARK", help="point or comma")
    add(
        "--data-unknown", metavar="NUMBERS", help="numbers that stand for unknown: 0,99; none for none (--data-unknown=-1 for -1)"
    )
    add("--data-duplicates", default="last", metavar="RULE", help="which value of a pair counts: last, first or mean")
    add("--data-largest", type=int, metavar="N", help="leave the N rows and columns with the most known entries")
    add("--data-part", metavar="NAME", help="the sheet of a workbook, or the array of a file that holds several")
    add("--image-side", type=int, default=100, metavar="PIXELS", help="longer side of a picture once reduced (100)")
