"""bfloat16 where the hardware computes in it: half the time there, many times as long where it is emulated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor


def pays(device: torch.device | str = "cpu") -> bool:
    """Whether bfloat16 is faster than float32 on this device: a GPU that has it, or a CPU with AVX512_BF16 or AMX.

    A CPU without these instructions emulates it, which takes 12 to 22 times as long as float32. PyTorch's own limit on
    the instructions (the environment variable ATEN_CPU_CAPABILITY) is respected.
    """
    device = torch.device(device)
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    if device.type != "cpu" or torch.backends.cpu.get_cpu_capability() != "AVX512":
        return False
    # Older versions of PyTorch have no such question.
    capabilities: Mapping[str, Any] = getattr(torch.cpu, "get_capabilities", dict)()
    return bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16"))


def name_of(device: torch.device | str = "cpu") -> str:
    """The precision that networks take on this device by default, as logs and cards write it: bfloat16 or float32."""
    return "bfloat16" if pays(device) else "float32"


def fast(f: Callable[[Tensor], Any], device: torch.device | str = "cpu") -> Callable[[Tensor], Any]:
    """``in_bfloat16(f)`` where that pays on the device, else ``f`` itself."""
    return in_bfloat16(f) if pays(device) else f


def in_bfloat16(f: Callable[[Tensor], Any]) -> Callable[[Tensor], Any]:
    """A network that computes in bfloat16 by autocast and returns float32: ``joint(in_bfloat16(G), ...)``.

    It may return a tensor, or a NamedTuple or mapping of them.

    Code, update and log-probabilities stay in float32; only what happens inside the network is rounded, to 8 bits of
    mantissa. Chains amplify rounding: expect other pictures of the same quality, not the same pictures.
    """

    def rounded(x: Tensor) -> Any:
        with torch.autocast(x.device.type, torch.bfloat16):
            return _float32(f(x))

    return rounded


def _float32(result: Any) -> Any:
    if isinstance(result, Tensor):
        return result.float()
    if isinstance(result, Mapping):
        return {key: _float32(part) for key, part in result.items()}
    return type(result)(*(_float32(part) for part in result))
