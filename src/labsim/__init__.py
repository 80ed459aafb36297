"""labsim: an agent-based simulation of purchased employment services.

Unrelated to the LABSim / SimPaths microsimulation. `load`, `run`, `compare`, `sweep` and
`open_results` are loaded on first use, so that ``import labsim`` is light.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from labsim.api import compare, load, open_results, run, sweep

__version__ = "0.1.0"
__all__ = ["__version__", "compare", "load", "open_results", "run", "sweep"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from labsim import api

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
