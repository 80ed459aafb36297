"""Which indicators the parts of a sweep hold."""

from __future__ import annotations

COMPONENTS = {
    "fees_per_additional_outcome_eur": ("fees_eur", "additional_outcomes"),
    "purchaser_cost_per_net_job_eur": (
        "fees_eur", "admin_cost_purchaser_eur", "net_jobs_90d", "started",
    ),
}  # fmt: skip
"""Columns that each ratio of `labsim.study.summary` is made of."""


def columns_in_parts(kept: tuple[str, ...] | None, stop: str | None) -> tuple[str, ...] | None:
    """Return the indicators that parts need: those kept, and those that others are made of.

    Parameters
    ----------
    kept
        Those of the final tables; ``None``: all.
    stop
        The one that the stopping rule looks at.
    """
    if kept is None:
        return None
    needed = [*kept, *(name for key in kept for name in COMPONENTS.get(key, ()))]
    return tuple(dict.fromkeys([*needed, *([stop] if stop else [])]))
