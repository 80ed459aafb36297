"""Weeks of a scenario as dates, and the dates of its contract."""

from __future__ import annotations

from datetime import timedelta

from labsim.market.periods import Periods
from labsim.numbers import day
from labsim.scenario.schema import Scenario


class Calendar:
    """The calendar of a scenario.

    Parameters
    ----------
    scenario
        The scenario.
    language
        How dates are written.

    Attributes
    ----------
    contract_start, contract_end, last_payable : int
        First week of service, first week after it, last week in which anything is paid; of the
        first contract, where several follow each other.
    """

    def __init__(self, scenario: Scenario, language: str = "en") -> None:
        periods = Periods.of(scenario)
        self._start, self._language = scenario.run.start_date, language
        self.contract_start = int(periods.start[0])
        self.contract_end = int(periods.end[0])
        self.last_payable = int(periods.last_payable[0])

    def day(self, week: int) -> str:
        """Return the first day of a week, as people of the language write it."""
        return day(self._start + timedelta(weeks=week), self._language)

    def last_day(self, week: int) -> str:
        """Return the last day of a week."""
        return day(self._start + timedelta(weeks=week, days=6), self._language)
