"""The command line, on the same RunSpec as the page.

Commands: run, data, show, verify, presets, norm-or-rank, sweep, reproduce, store, lecture.

Exit status: 0 done (verify: equal or within tolerance; reproduce: every claim holds), 1 not so, 2 bad input,
130 interrupted. Bad input is one sentence on stderr, never a traceback.
"""

import os
import sys
from collections.abc import Sequence

from dmf_core.cli.arguments import parse
from dmf_core.cli.exit_status import BAD_INPUT, DONE, FAILED, INTERRUPTED
from dmf_core.errors import BadInput


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
    options = parse(arguments)
    if options.command == "presets":
        from dmf_core.cli.list_presets import list_presets

        return list_presets(options.json)
    if options.command == "data":
        from dmf_core.cli.data import tell

        return tell(options)
    import torch

    from dmf_core.registry.plugins import load_all

    load_all(options.plugin)
    torch.set_num_threads(1)  # the same bits as in the workers
    if options.command == "run":
        from dmf_core.cli.run import run

        return run(options)
    if options.command == "norm-or-rank":
        from dmf_core.cli.norm_or_rank import norm_or_rank

        return norm_or_rank(options)
    if options.command == "show":
        from dmf_core.cli.show import show

        return show(options.file, options.json, options.completed)
    if options.command == "reproduce":
        if options.record or options.all:
            from dmf_core.cli.record import record_figures

            return record_figures(options)
        from dmf_core.cli.reproduce import reproduce

        return reproduce(options)
    if options.command == "sweep":
        from dmf_core.cli.sweep import sweep

        return sweep(options)
    if options.command == "store":
        from dmf_core.cli.store import store

        return store(options)
    if options.command == "lecture":
        from dmf_core.cli.lecture import lecture

        return lecture(options)
    from dmf_core.cli.verify import verify

    return verify(options.file, options.json)
