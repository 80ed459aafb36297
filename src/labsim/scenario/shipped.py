"""The scenarios that labsim brings along, and what a name given by a user stands for."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from labsim.scenario.findings import bad
from labsim.scenario.suggest import nearest

FOLDERS = ("defaults", "pilots", "designs", "trials")
SCENARIOS_FIRST = ("defaults", "pilots", "trials", "designs")
DESIGNS_FIRST = ("designs", "defaults", "pilots", "trials")
BASE = "finland"


@dataclass(frozen=True)
class Found:
    """A file that a name stands for."""

    path: Path
    shown: str
    """Name for messages: as the user gave it, or ``scenarios/...`` for a shipped file."""

    @property
    def name(self) -> str:
        """Stem of the file: the name that results carry."""
        return self.path.stem


@cache
def root() -> Path:
    """Folder of the shipped scenarios: in the package, or at the top of a source checkout."""
    packaged = Path(str(resources.files("labsim"))) / "scenarios"
    return packaged if packaged.is_dir() else Path(__file__).parents[3] / "scenarios"


def ids() -> dict[str, list[str]]:
    """Ids of the shipped files, by folder."""
    return {
        folder: sorted(file.stem for file in (root() / folder).glob("*.toml")) for folder in FOLDERS
    }


def find(name: str, *, folders: Sequence[str] = SCENARIOS_FIRST, beside: str = "") -> Found:
    """Return the file that ``name`` stands for: an existing file, else a shipped id.

    Parameters
    ----------
    name
        A path, a shipped id (``mixed``) or an id with its folder (``designs/mixed``).
    folders
        Folders searched for ids, in this order, so that equal ids of two kinds do not clash.
    beside
        Folder that a relative path starts from; the working directory if empty.

    Raises
    ------
    BadInput
        If there is no such file and no such id.
    """
    if "\0" in name:
        raise bad(name, "no_such_scenario", name=name)
    path = os.path.normpath(Path(beside) / name) if beside else name
    if _is(Path.is_file, path):
        return Found(Path(path), path.replace(os.sep, "/"))
    shipped = _shipped(name, folders)
    if shipped is not None:
        return shipped
    if _looks_like_path(name) or _is(Path.is_dir, path):
        return Found(Path(path), path.replace(os.sep, "/"))  # reading it says what is wrong
    known = [stem for folder in folders for stem in ids()[folder]]
    guess = nearest(name, known)
    if guess:
        raise bad(name, "no_such_scenario_guess", name=name, guess=guess)
    raise bad(name, "no_such_scenario", name=name)


def _is(kind: Callable[[Path], bool], path: str) -> bool:
    """Ask about a path that may be too long or not a path at all."""
    try:
        return kind(Path(path))
    except (OSError, ValueError):
        return False


def _shipped(name: str, folders: Sequence[str]) -> Found | None:
    folder, slash, stem = name.rpartition("/")
    if slash and folder not in FOLDERS:
        return None
    for candidate in (folder,) if slash else folders:
        if stem in ids()[candidate]:
            shown = f"scenarios/{candidate}/{stem}.toml"
            return Found(root() / candidate / f"{stem}.toml", shown)
    return None


def _looks_like_path(name: str) -> bool:
    return name.endswith(".toml") or "/" in name or os.sep in name or not name
