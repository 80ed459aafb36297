"""A starter scenario: it says what it extends, and shows what a planner usually changes."""

from __future__ import annotations

import contextlib
import os
import textwrap
from pathlib import Path as FilePath
from typing import Any

from labsim.scenario.defaults import about
from labsim.scenario.findings import bad
from labsim.scenario.keys import look_up
from labsim.scenario.loaded import Loaded, Value
from labsim.scenario.loading import load
from labsim.scenario.paths import Path, dotted, quoted
from labsim.scenario.shipped import BASE, DESIGNS_FIRST, Found, find, ids
from labsim.scenario.toml_text import toml
from labsim.words import Words

WIDTH = 100
_EXAMPLES: dict[Path, Any] = {
    ("referral", "target", "age_min"): 30,
    ("referral", "target", "unemployed_months_min"): 6,
    ("contract", "budget_eur"): 1_000_000,
}
"""Values shown for keys that the scenario does not set."""
USUAL: tuple[Path, ...] = (
    ("run", "start_date"),
    ("run", "weeks"),
    ("run", "replications"),
    ("population", "register"),
    ("labour_market", "setting"),
    ("referral", "regime"),
    ("referral", "volume"),
    ("referral", "weeks"),
    ("referral", "target", "age_min"),
    ("referral", "target", "unemployed_months_min"),
    ("contract", "weeks"),
    ("contract", "service_weeks_max"),
    ("contract", "tracking_weeks"),
    ("contract", "budget_eur"),
)
"""Keys shown, in this order; the fees of the scenario follow."""
ALSO = ("procurement", "partnership", "employers")
"""Sections of which those keys are shown that the scenario sets."""


def new(name: str, *, base: str = BASE, words: Words | None = None) -> FilePath:
    """Write a starter scenario and return its path.

    Parameters
    ----------
    name
        Name of the scenario, or path of the file; ``.toml`` is added where it is missing.
    base
        Id or path of the scenario to start from.
    words
        Language of the comments; English if left out.

    Raises
    ------
    BadInput
        If the file exists or cannot be written, or the base is not a valid scenario.
    """
    file = FilePath(name if name.endswith(".toml") else f"{name}.toml")
    if not name.strip() or not file.stem.isprintable() or "\0" in name:
        raise bad(name, "not_a_file_name")
    text = starter(file, base, words or Words())
    try:
        with file.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError:
        raise bad(name if file.is_dir() else os.fspath(file), "exists") from None
    except OSError as error:
        with contextlib.suppress(OSError):
            if file.stat().st_size < len(text):
                file.unlink()  # made just now, and not whole
        raise bad(os.fspath(file), "not_written", reason=error.strerror or "") from None
    return file


def starter(file: FilePath, base: str, words: Words) -> str:
    """Return the text of a starter scenario."""
    loaded = load(base)
    lines = [
        *_comment(words("cli.new.head", file=file.name)),
        f"extends = {quoted(_extends(file, base))}",
        f"title = {quoted(file.stem)}",
        "",
        *_comment(words("cli.new.sources")),
        "# [sources]",
        f'# referral.volume = "assumption: {words("cli.new.estimate")}"',
    ]
    values = {value.path: value for value in loaded.values()}
    table: Path = ()
    also = [path for path, value in values.items() if path[0] in ALSO and value.is_set]
    for path in (*USUAL, *also):
        if path[:-1] != table:
            table = path[:-1]
            lines += ["", f"[{dotted(table)}]"]
        lines += _key(values[path], words)
    lines += ["", *_fees(loaded, words)]
    return "\n".join(lines) + "\n"


def _key(value: Value, words: Words) -> list[str]:
    key = look_up(value.path)
    text = about(key, words) if key else words.meaning(value.description)
    shown = _EXAMPLES[value.path] if value.value is None else value.value
    return [*_comment(text), f"# {value.path[-1]} = {toml(shown)}"]


def _fees(loaded: Loaded, words: Words) -> list[str]:
    """Show the scenario's fees, or an example; each a table that can be switched on."""
    fees = [
        {key: item for key, item in fee.model_dump().items() if item is not None}
        for fee in loaded.scenario.contract.fees
    ] or [{"name": "start", "on": "start", "eur": 1500.0}]
    lines = _comment(words("cli.new.fees"))
    for fee in fees:
        lines += ["# [[contract.fees]]", *(f"# {key} = {toml(item)}" for key, item in fee.items())]
    return lines


def _extends(file: FilePath, base: str) -> str:
    """Return what the new file must say: an id as it is, a path as seen from the new file."""
    found: Found = find(base)
    if found.shown.startswith("scenarios/") and base.rpartition("/")[2] in _all_ids():
        return base
    try:
        return FilePath(os.path.relpath(found.path, file.parent)).as_posix()
    except ValueError:  # another drive
        return found.path.resolve().as_posix()


def _all_ids() -> set[str]:
    return {stem for folder in DESIGNS_FIRST for stem in ids()[folder]}


def _comment(text: Any) -> list[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent="# ", subsequent_indent="#   ", break_on_hyphens=False
    )
