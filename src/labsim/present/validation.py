"""The screen of `labsim validate`: the score first, then subjects, misses, and what differs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Any

from labsim.present.clean import pad, wrap

if TYPE_CHECKING:
    import pandas as pd

    from labsim.words import Words

COLUMNS = 100
JUDGED = ("inside", "outside", "inconclusive")
CELLS = ("checked", *JUDGED, "input", "not-simulated")


@dataclass(frozen=True)
class Validated:
    """What the study room hands over.

    Attributes
    ----------
    table
        One row per fact, as in validation.csv.
    differences
        One row per pilot and value that its file sets.
    worlds, runs, replications, seconds
        What was simulated, and how long it took.
    """

    table: pd.DataFrame
    differences: pd.DataFrame
    worlds: int
    runs: int
    replications: int
    seconds: float
    version: str


def render_validation(found: Validated, words: Words, files: tuple[str, str] | None) -> str:
    """Return the text of the screen.

    Parameters
    ----------
    files
        Where the table of facts and that of differences lie; None where nothing was written.
    """
    blocks = [
        list(_score(found, words)),
        _subjects(found.table, words),
        _listed(found.table, "outside", words("validate.misses"), words),
        _listed(found.table, "inconclusive", words("validate.open"), words),
        list(_differs(found.differences, words)),
        list(_files(files, words)),
    ]
    text = "\n\n".join("\n".join(block) for block in blocks if block) + "\n"
    return text.replace("\u00a0", " ")


def score(table: pd.DataFrame, words: Words) -> str:
    """Return the sentence that says how many facts are inside, outside and inconclusive."""
    counts = {name: int((table["verdict"] == name).sum()) for name in JUDGED}
    checked = sum(counts.values())
    if not checked:
        return words("validate.none_checked")
    numbers = {name: words.number(n) for name, n in counts.items()}
    return words("validate.score", checked=words.number(checked), **numbers)


def subjects(table: pd.DataFrame) -> pd.Series[Any]:
    """Return the subject of each fact: the letters of its id."""
    return table["id"].str.split("-").str[0]


def _score(found: Validated, words: Words) -> Iterator[str]:
    table = found.table
    yield from wrap(score(table, words), COLUMNS)
    given = table["verdict"] == "input"
    left = words.number(int((table["verdict"] == "not-simulated").sum()))
    text = words("validate.rest", input=words.number(int(given.sum())), not_simulated=left)
    yield from wrap(text, COLUMNS)
    known = given & table["simulated"].notna()
    if known.any():
        agree = known & (table["low"] >= table["allowed_low"])
        agree &= table["high"] <= table["allowed_high"]
        parts = {"known": int(known.sum()), "inside": int(agree.sum())}
        numbers = {name: words.number(n) for name, n in parts.items()}
        yield from wrap(words("validate.put_in", **numbers), COLUMNS)
    if found.worlds:
        yield words(
            "validate.about",
            worlds=words.count("validate.markets", found.worlds),
            runs=words.count("validate.runs", found.runs),
            seconds=words.number(found.seconds),
            replications=words.count("validate.replications", found.replications),
        )
    yield from wrap(words("validate.rule"), COLUMNS)


def _subjects(table: pd.DataFrame, words: Words) -> list[str]:
    names = ("subject", *CELLS)
    heads = [words(f"validate.columns.{name}") for name in names]
    rows = []
    for subject, facts in table.groupby(subjects(table), sort=False):
        counts = facts["verdict"].value_counts()
        judged = sum(int(counts.get(name, 0)) for name in JUDGED)
        numbers = [judged, *(int(counts.get(name, 0)) for name in CELLS[1:])]
        rows.append([words(f"validate.subjects.{subject}"), *map(words.number, numbers)])
    return _table([heads, *rows])


def _table(rows: list[list[str]]) -> list[str]:
    """Return lines of a table whose first column is text and whose others are numbers."""
    widths = [max(map(len, column)) + 2 for column in zip(*rows, strict=True)]
    return [
        "".join(
            pad(cell, width, place > 0)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]


def _listed(table: pd.DataFrame, verdict: str, heading: str, words: Words) -> list[str]:
    rows = table[table["verdict"] == verdict]
    if rows.empty:
        return []
    lines = [heading]
    for row in rows.to_dict("records"):
        lines += _hanging(words("validate.miss", id=row["id"], statement=row["statement"]), 2)
        lines += _hanging(found_in_words(row, words), 4)
        lines += _hanging(words("validate.measured", how=row["how"]), 4)
    return lines


def found_in_words(row: dict[Any, Any], words: Words) -> str:
    """Return what was published and what is simulated, in one line."""
    numbers = {name: in_digits(row[name], words) for name in ("simulated", "low", "high")}
    published = row["published"] or words("validate.direction")
    key = "found" if isfinite(row["low"]) else "found_number"
    unit = "" if row["unit"] in ("sign", "level", "rank", "rule", "flag") else row["unit"]
    return words(
        f"validate.{key}", published=published, unit=words.meaning(unit), **numbers
    ).strip()


def in_digits(value: float, words: Words) -> str:
    """Write a number with three figures or so."""
    if not isfinite(value):
        return words.number(value)
    size = abs(value)
    return words.number(value, 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 0.1 else 3)


def _hanging(text: str, indent: int) -> list[str]:
    first, *rest = wrap(text, COLUMNS - indent - 2) or [""]
    return [" " * indent + first, *(" " * (indent + 2) + line for line in rest)]


def _differs(differences: pd.DataFrame, words: Words) -> Iterator[str]:
    shared = differences[differences["shared"].astype(bool)]
    yield words("validate.differs")
    if shared.empty:
        yield f"  {words('validate.differs_none')}"
    for pilot, rows in shared.groupby("pilot", sort=False):
        values = [
            words(
                "validate.differs_value",
                key=key,
                value=str(value),
                status=words(f"explain.status.{status}"),
            )
            for key, value, status in zip(rows["key"], rows["value"], rows["status"], strict=True)
        ]
        text = words("validate.differs_pilot", pilot=pilot, values="; ".join(values))
        yield from _hanging(text, 2)


def _files(files: tuple[str, str] | None, words: Words) -> Iterator[str]:
    if files is not None:
        yield words("validate.files", file=files[0])
        yield words("validate.other_sections", file=files[1])
