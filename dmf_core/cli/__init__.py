"""The command line, on the same RunSpec as the page.

Commands: run, data, show, verify, presets, norm-or-rank, sweep, reproduce, store, lecture.

Exit status: 0 done (verify: equal or within tolerance; reproduce: every claim holds), 1 not so, 2 bad input,
130 interrupted. Bad input is one sentence on stderr, never a traceback.
"""

import os
import sys
from collections.abc import Sequence

from dmf_core.cli.arguments import parse
from dmf_core.errors import BadInput

DONE, FAILED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Does what the arguments say and returns the exit status."""
    try:
        status = _dispatch(arguments)
        sys.stdout.flush()
        return status
    except BadInput as error:
        print(error, file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # the reader, `head` perhaps, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except MemoryError:
        print("The memory of this machine does not suffice; choose a smaller matrix or less depth.", file=sys.stderr)
        return FAILED


def _dispatch(arguments: Sequence[str] | None) -> int:
    wanted = parse(arguments)
    if wanted.command == "presets":
        from dmf_core.cli.list_presets import list_presets

        return list_presets(wanted.json)
    if wanted.command == "data":
        from dmf_core.cli.data import tell

        return tell(wanted)
    import torch

    from dmf_core.registry.plugins import load_all

    load_all(wanted.plugin)
    torch.set_num_threads(1)  # the same bits as in the workers
    if wanted.command == "run":
        from dmf_core.cli.run import run

        return run(wanted)
    if wanted.command == "norm-or-rank":
        from dmf_core.cli.norm_or_rank import norm_or_rank

        return norm_or_rank(wanted)
    if wanted.command == "show":
        from dmf_core.cli.show import show

        return show(wanted.file, wanted.json, wanted.completed)
    if wanted.command == "reproduce":
        from dmf_core.cli.reproduce import reproduce

        return reproduce(wanted)
    if wanted.command == "sweep":
        from dmf_core.cli.sweep import sweep

        return sweep(wanted)
    if wanted.command == "store":
        from dmf_core.cli.store import store

        return store(wanted)
    if wanted.command == "lecture":
        from dmf_core.cli.lecture import lecture

        return lecture(wanted.file, wanted.json)
    from dmf_core.cli.verify import verify

    return verify(wanted.file, wanted.json)
