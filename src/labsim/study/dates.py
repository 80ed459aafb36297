"""Weeks of a scenario as dates, and the dates of its contract."""

from __future__ import annotations

from datetime import timedelta

from labsim.scenario.schema import Scenario


class Calendar:
    """The calendar of a scenario.

    Attributes
    ----------
    contract_start, contract_end, last_payable : int
        First week of service, first week after it, last week in which anything is paid.
    """

    def __init__(self, scenario: Scenario) -> None:
        contract = scenario.contract
        self._start = scenario.run.start_date
        self.contract_start = contract.start_week
        self.contract_end = contract.end_week
        self.last_payable = contract.last_week_paid

    def day(self, week: int) -> str:
        """Return the first day of a week, as 2022-01-31."""
        return (self._start + timedelta(weeks=week)).isoformat()

    def last_day(self, week: int) -> str:
        """Return the last day of a week."""
        return (self._start + timedelta(weeks=week, days=6)).isoformat()
