"""A CUDA device that is not there: its tensors are CPU tensors with a label, and no operation may mix the two kinds.

So a machine without a GPU can check that every tensor of a run is made on its device or moved there, and is read back only
by what may read it. It cannot check kernels, speed and rounding of a GPU.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import torch
from torch.overrides import TorchFunctionMode
from torch.utils._pytree import tree_leaves, tree_map_only

HERE, THERE = torch.device("cpu"), torch.device("cuda")
COPIES = ("copy_", "__setitem__", "__getitem__")  # CUDA, too, takes values and indices from the CPU in these


class Devices(TorchFunctionMode):
    """Keeps the labels. Raises RuntimeError where CUDA would."""

    def __torch_function__(self, func: Callable[..., Any], types: Any, args: Any = (), kwargs: Any = None) -> Any:
        name, kwargs = getattr(func, "__name__", ""), dict(kwargs or {})
        with torch._C.DisableTorchFunctionSubclass():
            if func == torch.Tensor.device.__get__:  # type: ignore[attr-defined]
                return _device(args[0])
            if name == "to":
                return _moved(*args, **kwargs)
            if name == "cpu":
                return _moved(args[0], HERE)
            given = [each for each in tree_leaves((args, kwargs)) if isinstance(each, torch.Tensor)]
            on_device = [each for each in given if _device(each) == THERE]
            if on_device and name in ("numpy", "__array__"):
                raise RuntimeError("numpy cannot read a CUDA tensor; use .cpu() first")
            if on_device and name not in COPIES and any(_device(each) == HERE and each.dim() for each in given):
                raise RuntimeError(f"{name} mixes devices: {[(tuple(each.shape), _device(each).type) for each in given]}")
            device = kwargs.get("device")
            if device is not None:
                kwargs["device"] = HERE
                new_there = torch.device(device).type == "cuda"
            else:
                new_there = bool(on_device) and (name not in COPIES or given[0] is on_device[0])
            result = func(*args, **kwargs)
            tree_map_only(torch.Tensor, lambda x: None if any(x is each for each in given) else _label(x, new_there), result)
            return result


def _device(x: torch.Tensor) -> torch.device:
    return THERE if x.__dict__.get("there") else HERE


def _label(x: torch.Tensor, on_device: bool) -> torch.Tensor:
    x.there = on_device  # type: ignore[attr-defined]
    return x


def _moved(x: torch.Tensor, *args: Any, **kwargs: Any) -> torch.Tensor:
    targets = [kwargs.pop("device", None), *args]
    like = [each for each in targets if isinstance(each, torch.Tensor)]
    devices = [torch.device(each) for each in targets if isinstance(each, str | torch.device)] + [_device(each) for each in like]
    dtypes = [each for each in targets if isinstance(each, torch.dtype)] + [each.dtype for each in like]
    target = devices[0] if devices else _device(x)
    moved = x.to(*dtypes, copy=target.type != _device(x).type, **kwargs)
    return x if moved is x else _label(moved, target.type == "cuda")


@contextmanager
def pretended_cuda(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Inside, `cuda` is usable."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    with Devices():
        yield
