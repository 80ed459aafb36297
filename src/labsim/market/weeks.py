"""One integer is the clock: the week. Months and days become weeks here, nowhere else."""

from __future__ import annotations

from datetime import date, timedelta
from math import ceil

WEEKS_PER_MONTH = 365.2425 / 12 / 7
MONTHS_PER_WEEK = 1 / WEEKS_PER_MONTH


def weeks_of_days(days: int) -> int:
    """Return the weeks that hold so many days; a part of a week is a whole week."""
    return ceil(days / 7)


def month_of_week(start: date, week: int) -> tuple[int, int]:
    """Return the calendar month (year, month) that the week's first day lies in."""
    day = start + timedelta(weeks=week)
    return day.year, day.month


def weeks_in_month(start: date, week: int) -> int:
    """Return how many weeks begin in the calendar month of a week (4 or 5)."""
    month, first, last = month_of_week(start, week), week, week
    while month_of_week(start, first - 1) == month:
        first -= 1
    while month_of_week(start, last + 1) == month:
        last += 1
    return last - first + 1


def ends_month(start: date, week: int) -> bool:
    """Whether the next week belongs to another calendar month."""
    return month_of_week(start, week) != month_of_week(start, week + 1)
