"""``[[contract.fees]]``: one element of the price, whatever it is paid for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from pydantic import Field, model_validator

from labsim.scenario.parameter import Fault, Name, Section, param, refuse
from labsim.scenario.paths import dotted
from labsim.scenario.text import Text

Outcome = Literal[
    "employment", "entrepreneurship", "education", "subsidised", "work-condition",
    "municipal-support-day",
]  # fmt: skip
BusinessKind = Literal["business", "light-entrepreneurship", "gig-work"]
Count = Literal["employment", "entrepreneurship", "education", "subsidised", "benefits", "taxes"]
Instrument = Literal["clients", "firms", "work_ability", "motivation", "radar"]
Kind = Literal[
    "start", "referral", "month", "hour", "coach-month", "unit", "outcome", "feedback", "progress",
    "group-change", "impact",
]  # fmt: skip
START_WINDOW = re.compile(r"service(?:\+([0-9]{1,4})d)?")
END_WINDOW = re.compile(r"contract|service(?:\+([0-9]{1,4})d)?")
MONEY = ("benefits", "taxes")
"""What `counts` may hold that is counted in euros and not in days."""
ALONE = ("work-condition", "municipal-support-day")
"""Outcomes that stand alone in a fee."""

RESERVED = ("all", "minimum volume", "open books", "employer service", "employers' feedback")
"""Names that no fee may have: `all` of `procurement.bid_on`, and other items of the ledger."""

_SERVICE = {"month", "hour", "unit"}
FEES_OF_A_START = {"start", *_SERVICE}
"""Kinds of fees that come with a start and the service after it, whatever comes of it."""
_CLIENT = {*_SERVICE, "feedback", "progress"}
_ONLY_FOR = {
    "outcome": {"outcome"},
    "business_kinds": {"outcome"},
    "sustained_days": {"outcome"},
    "accumulated_days": {"outcome"},
    "min_hours_share": {"outcome"},
    "starts_within": {"outcome"},
    "completed_within": {"outcome"},
    "once": {"outcome"},
    "needs_service_in_work": {"outcome"},
    "eur_unnotified": {"outcome"},
    "every_days": {"outcome", "unit"},
    "times": {"outcome", "unit"},
    "unit": {"unit"},
    "by_group": {"start", "outcome", *_CLIENT},
    "max_per_client": {"outcome", *_SERVICE},
    "from_service_week": _SERVICE,
    "to_service_week": {"month", "hour"},
    "coaches": {"coach-month"},
    "stops": {"start", "outcome", *_CLIENT},
    "counts": {"group-change", "impact"},
    "before_weeks": {"group-change"},
    "instrument": {"feedback", "progress"},
    "least_score": {"feedback"},
    "target_change": {"progress"},
    "share": {"impact"},
    "eur_max_per_client": {"group-change", "impact", *_CLIENT},
}
_NEEDS = {
    "outcome": ("outcome",),
    "unit": ("unit",),
    "progress": ("instrument",),
    "group-change": ("counts", "before_weeks"),
    "impact": ("counts",),
}
"""Keys that a kind can not do without."""
_INSTRUMENTS = {
    "feedback": ("clients", "firms"),
    "progress": ("work_ability", "motivation", "radar"),
}


class Fee(Section):
    """One element of the price; the fees of a contract add up."""

    name: Name = param(..., "Name of the fee", min_length=1, max_length=80)
    title: Text = Field(default_factory=dict, description="What people read instead of the name")
    on: Kind = param(..., "What is paid for")
    eur: float = param(
        0.0, "Euros per unit; required but where share stands instead", unit="EUR", ge=0,
        le=1_000_000,
    )  # fmt: skip
    outcome: list[Outcome] | None = param(None, "What counts as the outcome", min_length=1)
    business_kinds: list[BusinessKind] | None = param(
        None, "Kinds of own business that count as entrepreneurship; left out: all", min_length=1
    )
    sustained_days: int | None = param(
        None, "Days that the outcome must last, in one spell", unit="days", ge=0, le=3650
    )
    accumulated_days: int | None = param(
        None, "Days that the outcome must add up to over several spells, instead of sustained_days",
        unit="days", ge=1, le=3650,
    )  # fmt: skip
    min_hours_share: float | None = param(
        None, "Smallest job or business that counts, share of full time", ge=0, le=1
    )
    starts_within: str | None = param(
        None, 'When the outcome must begin: "service", or "service+90d"'
    )
    completed_within: str | None = param(
        None, 'When it must be complete: "contract", "service" or "service+365d"'
    )
    once: bool | None = param(
        None, "Whether a client earns the outcome fee once (left out: yes); false pays each spell "
        "that meets the terms, up to max_per_client",
    )  # fmt: skip
    every_days: int | None = param(
        None, "Days between payments: for an outcome that goes on lasting, or between units",
        unit="days", ge=1, le=3650,
    )  # fmt: skip
    times: int | None = param(
        None, "Payments in all for an outcome that goes on lasting, or units in all", ge=1, le=120
    )
    needs_service_in_work: bool | None = param(
        None, "Whether a job is paid for only if the client was supported in it: at least "
        "minimum_hours a week on average while the contract ran",
    )  # fmt: skip
    stops: list[str] | None = param(
        None, "Fees, by name or kind, that end for the client when this one is paid", min_length=1
    )
    by_group: dict[str, float] | None = param(
        None, "Factor on eur by group: the contract's groups, or near/middle/far as assessed"
    )
    max_per_client: float | None = param(
        None, "Most units paid for one client (months, hours, units, days, or outcomes where once "
        "is false)", gt=0, le=10_000,
    )  # fmt: skip
    eur_max_per_client: float | None = param(
        None, "Most euros of this fee for one client (group-change, impact: for each on average)",
        unit="EUR", gt=0, le=1_000_000,
    )  # fmt: skip
    from_service_week: int | None = param(
        None, "First week of service paid; the week of the start is 0", unit="weeks", ge=0, le=520
    )
    to_service_week: int | None = param(
        None, "Last week of service paid; the week of the start is 0", unit="weeks", ge=0, le=520
    )
    unit: str | None = param(
        None, "What a unit is, such as a course or a work ability assessment", min_length=1,
        max_length=60,
    )  # fmt: skip
    counts: list[Count] | None = param(
        None, "What is compared: days in work, education and so on; with share, benefits saved and "
        "taxes won", min_length=1,
    )  # fmt: skip
    before_weeks: int | None = param(
        None, "Weeks before the start that are compared with as many after it", unit="weeks", ge=1,
        le=260,
    )  # fmt: skip
    instrument: Instrument | None = param(
        None, "What is measured: the answers of clients or firms (feedback); work ability, "
        "motivation or the self-assessed radar (progress)",
    )  # fmt: skip
    least_score: float | None = param(
        None, "Answer from which on points are paid; left out: the lowest of the scale", ge=1, lt=5
    )
    target_change: float | None = param(
        None, "Measured change that earns the fee; left out: each point earns it",
        unit="points 0-10", gt=0, le=10,
    )  # fmt: skip
    share: float | None = param(
        None, "Share of the money that the service is measured to save, instead of eur", gt=0, le=1
    )
    eur_unnotified: float | None = param(
        None, "Euros for an outcome without the client's notice; left out: nothing (by_group and "
        "rescaling apply as to eur)", unit="EUR", ge=0, le=1_000_000,
    )  # fmt: skip
    coaches: float | None = param(
        None,
        "Coaches paid for (coach-month); left out: what the planned caseload needs",
        gt=0,
        le=100_000,
    )

    @property
    def ends_for_a_client(self) -> bool:
        """Whether another fee can end it for a client (`stops`)."""
        of_firms = self.on == "feedback" and self.instrument == "firms"
        return self.on == "outcome" or (self.on in _CLIENT and not of_firms)

    @property
    def is_event(self) -> bool:
        """Whether it pays for outcomes that are met, claimed and proved."""
        return self.on == "outcome" and "municipal-support-day" not in (self.outcome or ())

    @property
    def rescales(self) -> bool:
        """Whether it has euros for a start that equal generosity can scale.

        Firms' answers belong to no start, and a share is of money that nobody knows beforehand.
        """
        return self.instrument != "firms" and self.share is None

    @model_validator(mode="after")
    def _consistent(self) -> Fee:
        taken = [Fault("name", "item_name", name=self.name)] if self.name in RESERVED else []
        refuse(
            [
                *taken,
                *self._misplaced(), *self._euros(), *self._windows(), *self._factors(),
                *self._repeats(), *self._outcomes(), *self._measures(),
            ]
        )  # fmt: skip
        return self

    def _misplaced(self) -> Iterator[Fault]:
        for key, kinds in _ONLY_FOR.items():
            if getattr(self, key) is not None and self.on not in kinds:
                yield Fault(key, "only_for", kinds=", ".join(sorted(kinds)), on=self.on)
        if self.business_kinds and "entrepreneurship" not in (self.outcome or ()):
            yield Fault("business_kinds", "needs_entrepreneurship")
        for key in _NEEDS.get(self.on, ()):
            if getattr(self, key) is None:
                yield Fault(key, "required")

    def _euros(self) -> Iterator[Fault]:
        given = "eur" in self.model_fields_set
        if not given and self.share is None:
            yield Fault("eur", "required")
        if self.on == "impact" and self.eur > 0 and self.share is not None:
            yield Fault("share", "instead_of", other="eur")
        if self.eur_unnotified is not None and self.eur_unnotified > self.eur:
            yield Fault("eur_unnotified", "not_above", other="eur")

    def _windows(self) -> Iterator[Fault]:
        begin, end = self.starts_within, self.completed_within
        if begin is not None and not START_WINDOW.fullmatch(begin):
            yield Fault("starts_within", "start_window", got=begin)
        if end is not None and not END_WINDOW.fullmatch(end):
            yield Fault("completed_within", "end_window", got=end)
        first, last = self.from_service_week, self.to_service_week
        if first is not None and last is not None and first > last:
            yield Fault("from_service_week", "not_above", other="to_service_week")

    def _factors(self) -> Iterator[Fault]:
        for name, factor in (self.by_group or {}).items():
            if factor < 0:
                yield Fault(dotted(("by_group", name)), "too_small", limit=0, got=factor)

    def _repeats(self) -> Iterator[Fault]:
        if self.every_days is not None and self.times is None:
            yield Fault("every_days", "needs", keys="times")
        if (self.times or 1) > 1 and self.every_days is None:
            yield Fault("times", "needs", keys="every_days")
        if self.on == "unit" and self.max_per_client is not None and self.max_per_client % 1:
            yield Fault("max_per_client", "whole_units", got=self.max_per_client)
        if self.on != "outcome":
            return
        many = self.once is False
        if many and self.max_per_client is None:
            yield Fault("once", "needs", keys="max_per_client")
        if self.max_per_client is not None and self.is_event and not many:
            yield Fault("max_per_client", "only_not_once")
        if many and self.max_per_client is not None and self.max_per_client % 1:
            yield Fault("max_per_client", "whole_outcomes", got=self.max_per_client)
        for key in ("times", "accumulated_days"):
            if many and getattr(self, key) is not None:
                yield Fault("once", "not_with", other=key)

    def _outcomes(self) -> Iterator[Fault]:
        kinds = self.outcome or ()
        for kind in ALONE:
            if kind in kinds and len(kinds) > 1:
                yield Fault("outcome", "stands_alone", kind=kind)
        if self.sustained_days is not None and self.accumulated_days is not None:
            yield Fault("accumulated_days", "instead_of", other="sustained_days")
        barred: dict[str, tuple[str, ...]] = {
            "work-condition": ("sustained_days", "accumulated_days", "once"),
            "municipal-support-day": (
                "sustained_days", "accumulated_days", "min_hours_share", "starts_within", "once",
                "every_days", "times", "needs_service_in_work", "eur_unnotified", "stops",
            ),
        }  # fmt: skip
        for kind, keys in barred.items():
            for key in keys if kind in kinds else ():
                if getattr(self, key) is not None:
                    yield Fault(key, "not_with_outcome", kind=kind)
        if self.needs_service_in_work and not {"employment", "work-condition"} & set(kinds):
            yield Fault("needs_service_in_work", "needs_a_job")

    def _measures(self) -> Iterator[Fault]:
        known = _INSTRUMENTS.get(self.on, ())
        if self.instrument is not None and known and self.instrument not in known:
            yield Fault("instrument", "instrument_of", known=", ".join(known), got=self.instrument)
        money = [name for name in self.counts or () if name in MONEY]
        if self.share is not None and len(money) < len(self.counts or ()):
            yield Fault("counts", "counts_money")
        if self.share is None and money:
            code = "counts_days" if self.on == "impact" else "counts_only_days"
            yield Fault("counts", code, got=", ".join(money))
