"""labsim: an agent-based simulation of purchased employment services.

Unrelated to the LABSim / SimPaths microsimulation. `load`, `run` and `compare` are loaded on first
use, so that ``import labsim`` is light.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from labsim.api import compare, load, run

__version__ = "0.1.0"
__all__ = ["__version__", "compare", "load", "run"]


def __getattr__(name: str) -> Any:
    if name in ("compare", "load", "run"):
        from labsim import api

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
