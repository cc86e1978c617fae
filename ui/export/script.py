"""A short Python script that makes the run again with dmf_core and holds its numbers against the exported ones."""

import json
from string import Template

from dmf_core import __version__
from dmf_core.trajectory import Outcome
from ui.export.source import Source, Tell
from ui.figures import words
from ui.figures.static import stamp

CUT = (Outcome.CANCELLED, Outcome.BUDGET, Outcome.FAILED)
SHOWN = ("loss", "observed_error", "unobserved_error", "reconstruction_error", "entropy_rank", "ratio_rank")
SIGMAS = 10  # singular values that are compared

HEAD = '''"""$stamp: makes this run again and checks its last numbers against the exported ones.

Needs the package dmf_core of DMF Lab $version:  PYTHONPATH=folder-of-dmf-lab python $name.py$needs
"""
'''
IMPORTS = """${own_import}try:
    import torch

    from dmf_core import $simulate
    ${plugin_import}from dmf_core.spec import RunSpec
except ModuleNotFoundError as error:
    raise SystemExit(f"There is no package {error.name}. Needed: PYTHONPATH=folder-of-dmf-lab and a Python that runs DMF Lab.")

torch.set_num_threads(1)  # as the page does: the same bits
"""
SETTINGS = """SPEC = r'''
$spec
'''
EXPORTED = $exported  # the last snapshot
"""
RUN = """${plugins}spec = RunSpec.from_json(SPEC)
assert spec.digest() == "$digest"
$cut${own}run = simulate.run(spec$inputs)
last = run.snapshots[$which]
"""
OWN = """folder = Path(__file__).parent if "__file__" in globals() else Path()
bundle = folder / "$name.zip"
if not bundle.is_file():
    raise SystemExit(f"{bundle} is missing. It holds the data: on the page, Export, Run that opens here again; put it there.")
recorded = archive.read(bundle.read_bytes())
"""
COMPARE = """computed = {"t": last.t, "loss": last.loss, **last.measures}
computed |= {f"sigma_{r}": float(sigma) for r, sigma in enumerate(last.singular_values, start=1)}
largest = float(last.singular_values[0])
print(f"{'':22}{'now':>14}{'exported':>14}")
for name, exported in EXPORTED.items():
    print(f"{name:22}{computed[name]:14.6g}{exported:14.6g}")
"""
ASSERT = """# The same machine gives the same bits. Another one rounds differently, and the curves then agree as two accurate
# solutions do: singular values within 1 % of the largest, the end within 5 % of its time, errors within a fifth.
for name, exported in EXPORTED.items():
    if name.startswith("sigma"):
        assert abs(computed[name] - exported) <= 0.01 * largest, name
    else:
        assert abs(computed[name] - exported) <= (0.05 if name == "t" else 0.2) * abs(exported) + 1e-12, name
print("The numbers agree.")
"""
DIVERGED = """# The run diverged, and past that point rounding decides every digit: what must agree is that it diverges.
assert run.end is not None and run.end.outcome.value == "diverged"
print("It diverges again.")
"""


def script(source: Source, _: Tell) -> bytes:
    return "\n".join(parts(source)).encode()


def parts(source: Source) -> list[str]:
    """The pieces of the script: head, imports, settings, run, comparison, assertion. A notebook has one cell for each."""
    spec, own = source.spec, needs_bundle(source)
    values = {
        "stamp": words.capital(stamp(spec)),
        "version": __version__,
        "name": source.name,
        "needs": _needs(source),
        "plugin_import": "from dmf_core.registry.plugins import load\n    " if spec.plugins else "",
        "plugins": "".join(f'load("{plugin.name}")  # sha256 {plugin.sha256[:8]}\n' for plugin in spec.plugins),
        "own_import": "from pathlib import Path\n\n" if own else "",
        "simulate": "archive, simulate" if own else "simulate",
        "spec": spec.to_json().replace("'", "\\u0027"),  # nothing in it may end the string
        "exported": json.dumps(exported(source), indent=4),
        "digest": spec.digest(),
        "cut": _cut(source),
        "own": Template(OWN).substitute(name=source.name) if own else "",
        "inputs": ", recorded.inputs" if own else "",
        "which": "0" if _first_only(source) else "-1",
    }
    diverged = source.run.end is not None and source.run.end.outcome is Outcome.DIVERGED
    pieces = (HEAD, IMPORTS, SETTINGS, RUN, COMPARE, DIVERGED if diverged else ASSERT)
    return [Template(piece).substitute(values).lstrip("\n") for piece in pieces]


def exported(source: Source) -> dict[str, float]:
    """The last numbers of the run; those that exist."""
    last = source.run.snapshots[-1]
    numbers: dict[str, float | None] = {"t": last.t, "loss": last.loss}
    numbers |= {key: last.measures.get(key) for key in SHOWN if key != "loss"}
    numbers |= {f"sigma_{r}": float(value) for r, value in enumerate(last.singular_values[:SIGMAS], start=1)}
    return {name: value for name, value in numbers.items() if value is not None and abs(value) < float("inf")}


def needs_bundle(source: Source) -> bool:
    """True when the run is not drawn from its seed alone."""
    return source.spec.needs_inputs


def _needs(source: Source) -> str:
    """Which files the script needs besides itself, as lines of its head."""
    bundle = (
        f"\nand the bundle {source.name}.zip of this run beside it, which holds your own data." if needs_bundle(source) else ""
    )
    return bundle + "".join(f"\nand the plugin {plugin.name} in the folder where it is run." for plugin in source.spec.plugins)


def _cut(source: Source) -> str:
    """A run that was cut off is made again up to the same iteration."""
    end = source.run.end
    if end is not None and end.outcome not in CUT:
        return ""
    steps = max(1, end.accepted if end is not None else source.run.snapshots[-1].iteration)
    return f'spec = spec.replaced({{"stop.iterations": {steps}}})  # the exported run was cut off there\n'


def _first_only(source: Source) -> bool:
    return source.run.snapshots[-1].iteration == 0
