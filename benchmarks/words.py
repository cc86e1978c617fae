"""Every sentence of random runs, read back and held against the arrays: `python -m benchmarks.words 2000`."""

import sys
import time

from benchmarks.random_words import Case, case
from tests.ui.figures.words_oracle import Facts, complaints
from ui.figures.births import grown, titles
from ui.figures.spectra import naming
from ui.figures.text.summary import headline, sentences


def wrong(each: Case) -> list[str]:
    """What is said of this run and is not so."""
    run, spec = each.run, each.spec
    done = run.end is not None and run.end.outcome.done
    modes = grown(run)
    noun = naming(run.start.main_spectrum).noun
    title = titles(modes, len(run.snapshots), spec.model.title, done, noun)[-1][1]
    facts = Facts(run, each.whole, spec.problem.noise_level, spec.problem.needs_data)
    return list(complaints(run, facts, headline(run, spec), sentences(run, spec, modes), title))


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    began, bad = time.process_time(), 0
    for number in range(count):
        faults = wrong(case(number))
        bad += bool(faults)
        for text in faults:
            print(f"{number}: {text}", flush=True)
    print(f"{bad} wrong of {count} random runs, {time.process_time() - began:.0f} s of processor time")


if __name__ == "__main__":
    main()
