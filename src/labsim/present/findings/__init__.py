"""Sentences computed from the numbers. They say "no clear difference" when that is so.

A finding is one function from the numbers to sentences, named in ``FINDINGS``; it stays silent
when its numbers are undefined.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labsim.present.findings import money, people
from labsim.present.findings.base import Finding, Findings

if TYPE_CHECKING:
    from collections.abc import Callable

    from labsim.present.view import View

FINDINGS: dict[str, Callable[[Findings], list[Finding]]] = {
    "nobody": people.nobody,
    "single-run": people.single_run,
    "lasting-jobs": people.lasting_jobs,
    "lasting-jobs-level": people.lasting_jobs_level,
    "cost-level": money.cost_level,
    "cost-differences": money.cost_differences,
    "cost-unknown": money.cost_unknown,
    "hours-far": people.hours_far,
    "deadweight": people.deadweight,
    "payers": money.payers,
    "public-differences": money.public_differences,
    "margin": money.margin,
    "displaced": people.displaced,
    "unpaid": money.unpaid,
    "insolvent": money.insolvent,
    "luck": people.luck,
    "parked": people.parked,
}
"""Every finding, by name."""


def find(view: View) -> list[Finding]:
    """Return all findings, the most important first.

    Parameters
    ----------
    view
        The results of one comparison.
    """
    found = Findings(view)
    sentences = [finding for tell in FINDINGS.values() for finding in tell(found)]
    return sorted(sentences, key=lambda finding: -finding.importance)


__all__ = ["FINDINGS", "Finding", "find"]
