"""Independent streams of random numbers from one seed, so that changing the depth keeps the very same data."""

import hashlib

import torch


def generator(seed: int, stream: str) -> torch.Generator:
    """A CPU generator that depends on the seed and the stream's name only, whatever the device of the run."""
    digest = hashlib.sha256(f"{stream}:{seed}".encode()).digest()
    return torch.Generator().manual_seed(int.from_bytes(digest[:8], "little") >> 1)
