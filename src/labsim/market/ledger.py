"""The ledger: every euro once, from a payer to a payee, in whole cents."""

from __future__ import annotations

from collections import Counter
from typing import Literal, NamedTuple

import numpy as np

Kind = Literal["fee", "admin", "coach-pay", "overhead", "benefit", "tax", "wage"]


class Account(NamedTuple):
    """What a sum of money is: who pays whom for what."""

    payer: str
    payee: str
    kind: str
    item: str = ""
    group: str = ""


class Ledger:
    """Money by week and account; sums are exact because they are sums of integers.

    Parameters
    ----------
    weeks
        Length of the run.
    """

    def __init__(self, weeks: int) -> None:
        self.weeks = weeks
        self._cents: dict[Account, np.ndarray[tuple[int], np.dtype[np.int64]]] = {}
        self._balance: Counter[str] = Counter()

    def post(self, week: int, account: Account, cents: int) -> None:
        """Book an amount in cents; nothing is booked for 0.

        Raises
        ------
        ValueError
            If the amount is negative: money back is booked with payer and payee exchanged.
        """
        if cents < 0:
            raise ValueError(
                f"a negative amount ({cents} cents) from {account.payer} to {account.payee}"
            )
        if cents:
            if account not in self._cents:
                self._cents[account] = np.zeros(self.weeks, dtype=np.int64)
            self._cents[account][week] += cents
            self._balance[account.payee] += cents
            self._balance[account.payer] -= cents

    def rows(self) -> dict[str, list[object]]:
        """Return columns week, payer, payee, kind, item, group, cents; empty weeks left out."""
        columns: dict[str, list[object]] = {
            name: [] for name in ("week", "payer", "payee", "kind", "item", "group", "cents")
        }
        for account in sorted(self._cents):
            cents = self._cents[account]
            for week in np.flatnonzero(cents):
                columns["week"].append(int(week))
                for name, value in account._asdict().items():
                    columns[name].append(value)
                columns["cents"].append(int(cents[week]))
        return columns

    def total(self, **match: str) -> int:
        """Return the sum in cents of all accounts whose named parts equal the given values."""
        return sum(
            int(cents.sum())
            for account, cents in self._cents.items()
            if all(getattr(account, part) == value for part, value in match.items())
        )

    def balance(self, party: str) -> int:
        """Return what a party has received less what it has paid, in cents."""
        return self._balance[party]

    def parties(self) -> set[str]:
        """Return everybody who has paid or received anything."""
        return {name for account in self._cents for name in (account.payer, account.payee)}
