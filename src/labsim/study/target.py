"""A target group in words."""

from __future__ import annotations

from collections.abc import Iterator

from labsim.scenario.sections.referral import Target
from labsim.words import Words

_RANGES = (
    "age",
    "unemployed_months",
    "work_ability",
    "support_days",
    "needs",
    "expected_exit_months",
)
_LISTS = ("areas", "education", "benefit", "sectors", "sectors_excluded", "languages")
_NAMED_BY_LABSIM = ("education", "benefit")


def target_line(target: Target, words: Words) -> str:
    """Return the conditions of a target group, joined, or that everybody belongs to it."""
    conditions = [*_ranges(target, words), *_lists(target, words)]
    return words("explain.and").join(conditions) or words("explain.target.everybody")


def _ranges(target: Target, words: Words) -> Iterator[str]:
    for stem in _RANGES:
        low, high = (getattr(target, f"{stem}_{end}", None) for end in ("min", "max"))
        low = None if stem == "needs" and low == 0 else low
        if low is None and high is None:
            continue
        form = "between" if None not in (low, high) else "least" if high is None else "most"
        yield words(
            f"explain.target.{stem}.{form}", low=_plain(low, words), high=_plain(high, words)
        )


def _plain(value: float | None, words: Words) -> str:
    if value is None:
        return ""
    return words.number(value, 0 if float(value).is_integer() else 1)


def _lists(target: Target, words: Words) -> Iterator[str]:
    for key in _LISTS:
        names = getattr(target, key)
        if names is None:
            continue
        if key in _NAMED_BY_LABSIM:
            names = [words(f"explain.target.{key}_name.{name}") for name in names]
        yield words(f"explain.target.{key}", names=words.either(names))
    if target.no_known_change_months is not None:
        months = _plain(target.no_known_change_months, words)
        yield words("explain.target.no_known_change", months=months)
