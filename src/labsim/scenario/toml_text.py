"""Values written the way a scenario file writes them."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Sequence
from typing import Any

from labsim.scenario.paths import dotted, quoted

LONGEST = 60


def toml(value: Any) -> str:
    """Write a value in TOML, on one line."""
    for kinds, write in _WRITERS:
        if isinstance(value, kinds):
            return write(value)
    raise TypeError(f"no TOML for {type(value).__name__}")


def shown(value: Any) -> str:
    """Write a value for a message: in TOML, and no longer than a reader needs."""
    if isinstance(value, str) and len(value) > LONGEST:
        value = value[:LONGEST] + "..."
    text = toml(value)
    return text if len(text) <= 2 * LONGEST else text[:LONGEST] + "..."


def _table(value: dict[str, Any]) -> str:
    pairs = (f"{dotted((key,))} = {toml(item)}" for key, item in value.items())
    return "{ " + ", ".join(pairs) + " }" if value else "{}"


def _list(value: Sequence[Any]) -> str:
    return "[" + ", ".join(toml(item) for item in value) + "]"


def _moment(value: dt.date | dt.time) -> str:
    return value.isoformat()


def _float(value: float) -> str:
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return repr(value)


def _integer(value: int) -> str:
    return str(value) if value.bit_length() < 200 else "a very large number"


_WRITERS: tuple[tuple[tuple[type, ...], Callable[[Any], str]], ...] = (
    ((bool,), lambda value: "true" if value else "false"),  # before int, which it also is
    ((str,), quoted),
    ((float,), _float),
    ((int,), _integer),
    ((dt.date, dt.time), _moment),
    ((dict,), _table),
    ((list, tuple), _list),
)
