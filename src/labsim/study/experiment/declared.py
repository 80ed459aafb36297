"""What an experiment file may say, key by key."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, Field, model_validator

from labsim.scenario.parameter import Fault, Section, param, refuse
from labsim.scenario.suggest import nearest
from labsim.scenario.text import Text
from labsim.scenario.toml_text import shown
from labsim.words import catalogue

METHODS = ("grid", "lhs", "sobol", "morris", "saltelli", "points")
MOST_POINTS = 1_000_000
_LARGEST = 2**53
"""Whole numbers up to this are themselves as real numbers too."""

READ_BY: dict[str, tuple[str, ...]] = {
    "points": ("lhs", "sobol", "morris", "saltelli"),
    "file": ("points",),
    "vary": ("grid", "lhs", "sobol", "morris", "saltelli"),
    "levels": ("grid", "morris"),
    "second_order": ("saltelli",),
    "seed": ("lhs", "sobol", "morris", "saltelli"),
}
"""Keys that only some methods read, and which."""


def indicator_names() -> tuple[str, ...]:
    """Return the names of all indicators."""
    topics = (key.split(".") for key in catalogue("en") if key.startswith("indicators."))
    return tuple(dict.fromkeys(parts[1] for parts in topics))


def unknown(indicator: str) -> list[Fault]:
    """Fault of an indicator that does not exist, if it does not."""
    if indicator in indicator_names():
        return []
    guess = nearest(indicator, indicator_names())
    if guess is None:
        return [Fault("", "unknown_indicator", got=indicator)]
    return [Fault("", "unknown_indicator_guess", got=indicator, guess=guess)]


def _known(indicator: str) -> str:
    refuse(unknown(indicator))
    return indicator


class StopRule(Section):
    """``stop``: replicate a point until an indicator is known well enough."""

    indicator: Annotated[str, AfterValidator(_known)] = param(
        ..., "Indicator that the rule looks at"
    )
    half_width: float = param(
        ..., "Replicate until half of its 95 % interval is no wider, in every design", gt=0
    )
    least: int = param(5, "Replications to begin with", ge=2, le=100_000)
    most: int = param(200, "Replications after which a point is left", ge=2, le=100_000)

    @model_validator(mode="after")
    def _in_order(self) -> StopRule:
        refuse([] if self.least <= self.most else [Fault("least", "not_above", other="most")])
        return self


class Vary(Section):
    """``[[vary]]``: a key, and the values it takes."""

    key: str = param(..., "Dotted key, as for --set", max_length=1000)
    uniform: list[float] | None = param(
        None, "Lowest and highest of a range of real numbers", min_length=2, max_length=2
    )
    integer: list[int] | None = param(
        None, "Lowest and highest of a range of whole numbers", min_length=2, max_length=2
    )
    values: list[Any] | None = param(
        None, "Values, in their order", min_length=1, max_length=MOST_POINTS
    )
    choice: list[Any] | None = param(
        None, "Values that have no order", min_length=1, max_length=MOST_POINTS
    )
    levels: int | None = param(
        None, "Evenly spaced values that a grid takes of a range", ge=2, le=MOST_POINTS
    )

    @model_validator(mode="after")
    def _one_set_of_values(self) -> Vary:
        given = [name for name in ("uniform", "integer", "values", "choice") if getattr(self, name)]
        faults = [Fault(name, "instead_of", other=given[0]) for name in given[1:]]
        for name, ends in (("uniform", self.uniform), ("integer", self.integer)):
            if ends and not ends[0] < ends[1]:
                faults.append(Fault(name, "range_rises", got=shown(ends)))
            if ends and max(abs(end) for end in ends) > _LARGEST:
                faults.append(Fault(name, "range_too_wide", limit=_LARGEST))
        if self.levels and (self.values or self.choice):
            faults.append(Fault("levels", "instead_of", other="values"))
        refuse(faults)
        return self


class Declared(Section):
    """An experiment file; ``scenario`` and ``method`` are required, which is checked later."""

    title: Text = Field(default_factory=dict, description="Title for charts and reports")
    description: Text = Field(default_factory=dict, description="What the experiment is for")
    scenario: str = param("", "Id of a shipped scenario, or a file beside this one")
    designs: list[str] = param(
        ["own"],
        "Ids of shipped designs, or files; the first is the reference; own: the scenario's",
        min_length=1,
        max_length=200,
    )
    method: str = param("", "How points are chosen: grid, lhs, sobol, morris, saltelli, points")
    points: int | None = param(None, "Number of points", ge=1, le=MOST_POINTS)
    file: str | None = param(None, "Table of points, CSV, with a column for each key")
    levels: int | None = param(
        None, "Evenly spaced values of a range (grid), or steps of a key (morris)", ge=2, le=10_000
    )
    second_order: bool = param(False, "Whether indices of pairs of keys can be estimated")
    seed: int = param(1, "Luck of the sampling; not that of the runs", ge=0, le=2**63 - 1)
    replications: int | None = param(
        None, "Runs of each point under each design; left out: the scenario's", ge=1, le=100_000
    )
    stop: StopRule | None = Field(None, description="A rule instead of a number of replications")
    indicators: list[Annotated[str, AfterValidator(_known)]] | None = param(
        None, "Indicators that are kept; left out: all", min_length=1, max_length=1000
    )
