"""Numbers with their intervals, as text."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from labsim.present.indicators import FINE, INDICATORS, Kind

if TYPE_CHECKING:
    from labsim.present.view import Estimate
    from labsim.words import Words

DIGITS = 3
"""Digits of an amount of money that are shown."""
MOST_DIGITS = 4


class Format:
    """Writes estimates in one language.

    Parameters
    ----------
    words
        The catalogue, which knows separators and the words around a number.
    missing
        What stands for a number that is not there; by default the screen's plain dash.
    """

    def __init__(self, words: Words, missing: str = "") -> None:
        self.words = words
        self.missing = missing or words("screen.numbers.missing")

    def value(self, indicator: str, estimate: Estimate, difference: bool = False) -> str:
        """Write the number alone, without a unit but for ``%`` and ``pp``."""
        text = self._one(indicator, estimate.value, _digits(indicator, estimate), difference)
        if INDICATORS.get(indicator) != "share" or not estimate.known:
            return text
        return self.words(f"screen.numbers.{'points' if difference else 'percent'}", value=text)

    def interval(self, indicator: str, estimate: Estimate) -> str:
        """Write the two ends of the interval, nothing if there is none."""
        if not estimate.sure:
            return ""
        digits = _digits(indicator, estimate)
        low, high = (self._one(indicator, end, digits) for end in (estimate.low, estimate.high))
        return self.words("screen.numbers.interval", low=low, high=high)

    def both(self, indicator: str, estimate: Estimate, difference: bool = False) -> str:
        """Write ``-0.4 (-1.5 to 0.7)``, or the number alone."""
        value = self.value(indicator, estimate, difference)
        interval = self.interval(indicator, estimate)
        if not interval:
            return value
        return self.words("screen.numbers.with_interval", value=value, interval=interval)

    def amount(self, eur: float) -> str:
        """Write money in words' scale: ``1.2 million EUR``, ``23,300 EUR``."""
        size = abs(eur)
        if size >= 1e6:
            text = self.words.number(eur / 1e6, 2 if size < 1e7 else 1)
            return self.words("screen.numbers.million_eur", value=text)
        return self.words("screen.numbers.eur", value=self.words.number(rounded(eur)))

    def names(self, items: list[str]) -> str:
        """Join names as a list in words: ``a, b and c``."""
        if len(items) < 2:
            return "".join(items)
        start = items[0]
        for item in items[1:-1]:
            start = self.words("screen.numbers.list_middle", start=start, next=item)
        return self.words("screen.numbers.list_end", start=start, last=items[-1])

    def _one(self, indicator: str, value: float, digits: int, signed: bool = False) -> str:
        if not math.isfinite(value):
            return self.missing
        scaled = round(_scaled(indicator, value), digits)
        write = self.words.signed if signed else self.words.number
        return write(scaled, max(digits, 0))


def rounded(value: float) -> float:
    """Round an amount to what can be said of it: three digits, or whole euros."""
    return round(value, _money_digits(value))


def _scaled(indicator: str, value: float) -> float:
    return 100 * value if INDICATORS.get(indicator) == "share" else value


def _digits(indicator: str, estimate: Estimate) -> int:
    """Digits after the point (before it, if negative) that a number and its interval share.

    One more is given where zero, outside the interval, would else seem to be its end.
    """
    digits = _usual_digits(indicator, estimate)
    nearest = _scaled(indicator, min(estimate.low, estimate.high, key=abs))
    while estimate.clear and round(nearest, digits) == 0 and digits < MOST_DIGITS:
        digits += 1
    return digits


def _usual_digits(indicator: str, estimate: Estimate) -> int:
    kind: Kind = INDICATORS.get(indicator, "number")
    if kind == "eur":
        ends = (estimate.value, estimate.low, estimate.high)
        return _money_digits(max((abs(end) for end in ends if math.isfinite(end)), default=0))
    if kind == "share":
        return 1 if abs(estimate.value) < 0.0995 else 0
    if kind == "count":
        return 1 if abs(estimate.value) < 9.95 else 0
    return 2 if indicator in FINE else 1


def _money_digits(value: float) -> int:
    if not math.isfinite(value) or abs(value) < 10**DIGITS:
        return 0
    return DIGITS - 1 - math.floor(math.log10(abs(value)))
