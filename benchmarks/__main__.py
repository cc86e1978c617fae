"""Runs every benchmark, one after another: each in a process of its own, so that none slows another."""

import subprocess
import sys

for question in ("speed", "tensors", "accuracy", "response", "page", "words", "estimates", "load", "lecture", "sweeps", "maps"):
    print(f"\n== {question}", flush=True)
    subprocess.run([sys.executable, "-m", f"benchmarks.{question}"], check=False)
