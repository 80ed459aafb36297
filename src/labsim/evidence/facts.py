"""Reading the tables of facts."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from math import nan

KINDS = ("number", "range", "ordering", "qualitative")
STANDINGS = ("input", "not-simulated")


@dataclass(frozen=True)
class Fact:
    """One thing that the sources report.

    Attributes
    ----------
    id, source, statement
        Name, place in the sources, and the claim in English.
    quantity, unit, population
        What is measured, in what, of whom.
    value, low, high
        The published number, and the ends of a published range; NaN where there is none. An
        ordering has an end only: 0 as `low` says that a difference is positive.
    kind
        One of `KINDS`.
    how_to_check
        What the evidence suggests.
    """

    id: str
    source: str
    statement: str
    quantity: str
    value: float
    low: float
    high: float
    unit: str
    population: str
    kind: str
    how_to_check: str

    @property
    def subject(self) -> str:
        """The letters of the id: what the fact is about."""
        return self.id.split("-", 1)[0]


@dataclass(frozen=True)
class Standing:
    """Why a fact is not checked: `verdict` is one of `STANDINGS`, `how` says why."""

    verdict: str
    how: str


@cache
def facts() -> Mapping[str, Fact]:
    """Return every fact by its id, in the order of the table."""
    return {row["id"]: _fact(row) for row in _rows("facts.csv")}


@cache
def standings() -> Mapping[str, Standing]:
    """Return the standing of the facts that are not checked, by id."""
    found: dict[str, Standing] = {}
    for row in _rows("standing.csv"):
        if row["id"] not in facts() or row["id"] in found or row["verdict"] not in STANDINGS:
            raise ValueError(f"standing.csv: a bad row: {row}")
        found[row["id"]] = Standing(row["verdict"], row["how"])
    return found


def _rows(name: str) -> list[dict[str, str]]:
    text = (resources.files("labsim.evidence") / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines(), strict=True))


def _fact(row: dict[str, str]) -> Fact:
    value, low, high = (float(row[name] or nan) for name in ("value", "low", "high"))
    return Fact(
        id=row["id"],
        source=row["source"],
        statement=row["statement_en"],
        quantity=row["quantity"],
        value=value,
        low=low,
        high=high,
        unit=row["unit"],
        population=row["population"],
        kind=row["kind"],
        how_to_check=row["how_to_check"],
    )
