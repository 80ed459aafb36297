"""What code results rest on."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import metadata
from pathlib import Path

import labsim

_ROOMS = ("scenario", "market", "measure", "study")
"""Results do not rest on texts, charts and commands."""

_LIBRARIES = ("mesa", "numpy", "scipy")


@cache
def code_version() -> dict[str, str]:
    """Return labsim's version, a digest of its source, and versions of what it computes with."""
    versions = {name: metadata.version(name) for name in _LIBRARIES}
    return {"labsim": labsim.__version__, "source": _digest(), **versions}


def _digest() -> str:
    root = Path(labsim.__file__).parent
    total = hashlib.sha256()
    for room in _ROOMS:
        for file in sorted((root / room).rglob("*")):
            if file.suffix in (".py", ".toml", ".csv") and file.is_file():
                total.update(file.relative_to(root).as_posix().encode() + b"\0")
                total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()
