"""Numbers and dates as people of each language write them."""

from __future__ import annotations

import math
from datetime import date

NO_BREAK_SPACE = "\u00a0"
_SEPARATORS = {"en": (",", "."), "fi": (NO_BREAK_SPACE, ","), "sv": (NO_BREAK_SPACE, ",")}
_NO_NUMBER = "-"


def number(value: float, decimals: int = 0, language: str = "en") -> str:
    """Write ``value`` with ``decimals`` decimals; an undefined number is a dash.

    A value that rounds to zero loses its sign, so that "-0" is never shown.
    """
    if not math.isfinite(value):
        return _NO_NUMBER
    text = f"{value:,.{decimals}f}"
    if text.startswith("-") and not any(digit in text for digit in "123456789"):
        text = text[1:]
    thousands, point = _SEPARATORS[language]
    return text.translate({ord(","): thousands, ord("."): point})


def signed(value: float, decimals: int = 0, language: str = "en") -> str:
    """Write ``value`` with its sign, ``+`` included; zero has none."""
    text = number(value, decimals, language)
    positive = value > 0 and any(digit in text for digit in "123456789")
    return f"+{text}" if positive else text


def percent(share: float, decimals: int = 0, language: str = "en") -> str:
    """Write a share of 1 as a percentage, ``58 %``."""
    text = number(100 * share, decimals, language)
    return text if text == _NO_NUMBER else f"{text}{NO_BREAK_SPACE}%"


def day(value: date, language: str = "en") -> str:
    """Write a date: 2022-01-31, in Finnish and Swedish 31.1.2022."""
    if language == "en":
        return value.isoformat()
    return f"{value.day}.{value.month}.{value.year}"
