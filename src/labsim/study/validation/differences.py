"""Which parameters differ between pilots: what each scenario sets against the defaults."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from labsim.scenario import shipped
from labsim.scenario.loading import load

OWN_SECTIONS = ("run", "referral", "contract", "procurement", "partnership", "employers")
"""Sections about the pilot itself: when it ran, whom it took, what was bought, who took part."""
_SHARED_WITHIN = (("referral", "acceptance"), ("referral", "choice"))


def differences() -> pd.DataFrame:
    """Return one row per pilot and value that its file sets.

    Returns
    -------
    DataFrame
        pilot, key, value, status, source; and `shared`, whether the value belongs to what pilots
        have in common: people, the labour market, what coaching does, the office, providers'
        behaviour, money.
    """
    columns = ["pilot", "key", "value", "status", "source", "shared"]
    return pd.DataFrame(list(_rows()), columns=columns)


def _rows() -> Iterator[tuple[str, str, object, str, str, bool]]:
    for name in shipped.ids()["pilots"]:
        for value in load(name).values():
            if value.is_set and value.path[-1] not in ("title", "description"):
                status, source = value.source
                yield name, value.key, value.value, status, source, _is_shared(value.path)


def _is_shared(path: tuple[str | int, ...]) -> bool:
    if path[:2] in _SHARED_WITHIN:
        return True
    if path[0] in OWN_SECTIONS or path[:2] in (("population", "register"), ("population", "areas")):
        return False
    return not (path[0] == "providers" and path[-1] in ("name", "areas"))
