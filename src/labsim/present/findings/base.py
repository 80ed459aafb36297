"""What a finding is, and how designs are sorted by verdict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from labsim.present.format import Format
from labsim.present.view import Design, Estimate, View

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MANY = 4
"""Above so many designs a sentence names them and leaves the numbers to the table."""


SLIGHT = 0.05
"""Differences under this share of the level are told late."""


@dataclass(frozen=True)
class Finding:
    """One sentence, and how much it matters (the screen shows the highest)."""

    text: str
    importance: float


Judged = list[tuple[Design, Estimate]]


class Findings:
    """What a finding needs: the numbers, the words and how numbers are written."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.words = view.words
        self.format = Format(view.words)

    def levels(self, indicator: str) -> Judged:
        """Give the designs that have a number, with it."""
        return _known((d, self.view.level(d, indicator)) for d in self.view.designs)

    def differences(self, indicator: str) -> Judged:
        """Give the other designs that have a difference to the reference, with it."""
        return _known((d, self.view.difference(d, indicator)) for d in self.view.others)

    def listed(self, judged: Judged, indicator: str, difference: bool = True) -> str:
        """Name designs in a sentence, with numbers if they are few."""
        if len(judged) > MANY:
            return self.format.names([design.label for design, _ in judged])
        return self.format.names([self.item(d, e, indicator, difference) for d, e in judged])

    def item(self, design: Design, estimate: Estimate, indicator: str, difference: bool) -> str:
        """Name one design with its number."""
        value = self.format.value(indicator, estimate, difference)
        interval = self.format.interval(indicator, estimate)
        key = "findings.item_interval" if interval else "findings.item"
        return self.words(key, design=design.label, value=value, interval=interval)

    def verdicts(self, topic: str, indicator: str, clear: float, unclear: float) -> list[Finding]:
        """Give one sentence per verdict: ``more``, ``fewer``, ``none``.

        Designs without an interval are left out: nothing can be said of them.
        """
        judged = [(d, e) for d, e in self.differences(indicator) if e.sure]
        found = []
        level = self.view.level(self.view.reference, indicator)
        for verdict, name in ((1, "more"), (-1, "fewer"), (0, "none")):
            same = [(d, e) for d, e in judged if e.clear == verdict]
            if same:
                text = self.verdict(f"findings.{topic}.{name}", same, indicator)
                weight = clear if verdict and not slight(same, level) else unclear
                found.append(Finding(text, weight))
        return found

    def verdict(self, key: str, same: Judged, indicator: str) -> str:
        """Write the sentence of designs with the same verdict."""
        design, estimate = same[0]
        values = {
            "reference": self.view.reference.label,
            "design": design.label,
            "value": self.format.value(indicator, estimate, difference=True),
            "interval": self.format.interval(indicator, estimate),
            "items": self.listed(same, indicator),
        }
        if len(same) > MANY:
            return self.words(f"{key}.names", **values)
        return self.words.count(key, len(same), **values)


def slight(same: Judged, level: Estimate) -> bool:
    """Whether no difference is large enough to matter, however clear it is."""
    return all(abs(estimate.value) < SLIGHT * abs(level.value) for _, estimate in same)


def _known(pairs: Iterable[tuple[Design, Estimate]]) -> Judged:
    return [(design, estimate) for design, estimate in pairs if estimate.known]


def labels(designs: Sequence[Design]) -> list[str]:
    """Return the names of designs."""
    return [design.label for design in designs]
