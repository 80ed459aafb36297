"""The checks, by the fact they check: one small pure function each, from runs to numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from labsim.market.arrays import Floats
from labsim.study.validation.runs import Runs
from labsim.study.validation.verdict import Across, Limits

Rule = Callable[[Runs], Floats | Across]


@dataclass(frozen=True)
class Check:
    """How a fact is looked up in the simulated worlds.

    Attributes
    ----------
    fact
        Id of the fact.
    worlds
        Names of the worlds that it looks at.
    rule
        From runs to a number per replication, or per replication and pilot.
    tolerance
        How far a number may be off, in its unit; left out: the general rule.
    limits
        Where the number must lie, if the fact itself does not say.
    """

    fact: str
    worlds: tuple[str, ...]
    rule: Rule
    tolerance: float | None = None
    limits: Limits | None = None

    @property
    def how(self) -> str:
        """The first line of the rule's docstring."""
        return (self.rule.__doc__ or "").partition("\n")[0]


POSITIVE, NEGATIVE = Limits(0, strict=True), Limits(high=0, strict=True)
CHECKS: dict[str, Check] = {}


def check(
    *facts: str,
    worlds: tuple[str, ...],
    tolerance: float | None = None,
    limits: Limits | None = None,
) -> Callable[[Rule], Rule]:
    """Register a function as the check of one or more facts."""

    def register(rule: Rule) -> Rule:
        for fact in facts:
            if fact in CHECKS:
                raise ValueError(f"{fact} has a check already")
            CHECKS[fact] = Check(fact, worlds, rule, tolerance, limits)
        return rule

    return register
