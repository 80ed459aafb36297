"""``[contract]``: what is bought, and what is paid for it."""

from __future__ import annotations

import re
from typing import Literal

from pydantic import Field, model_validator

from labsim.scenario.parameter import Fault, Name, Section, param, refuse
from labsim.scenario.paths import dotted
from labsim.scenario.sections.referral import Target
from labsim.scenario.text import Text

Outcome = Literal["employment", "entrepreneurship", "education", "subsidised"]
BusinessKind = Literal["business", "light-entrepreneurship", "gig-work"]
START_WINDOW = re.compile(r"service(?:\+([0-9]{1,4})d)?")
END_WINDOW = re.compile(r"contract|service(?:\+([0-9]{1,4})d)?")

_ONLY_FOR = {
    "outcome": {"outcome"},
    "business_kinds": {"outcome"},
    "sustained_days": {"outcome"},
    "min_hours_share": {"outcome"},
    "starts_within": {"outcome"},
    "completed_within": {"outcome"},
    "by_group": {"start", "month", "hour", "outcome"},
    "max_per_client": {"month", "hour"},
    "from_service_week": {"month", "hour"},
    "to_service_week": {"month", "hour"},
    "coaches": {"coach-month"},
    "eur_unnotified": {"outcome"},
}


class Group(Section):
    """A named group of clients that a contract prices apart."""

    name: Name = param(..., "Name of the group", min_length=1, max_length=60)
    title: Text = Field(default_factory=dict, description="What people read instead of the name")
    when: Target = param(..., "Who belongs to it; the first group that fits counts")


class Fee(Section):
    """One element of the price; the fees of a contract add up."""

    name: Name = param(..., "Name of the fee", min_length=1, max_length=80)
    title: Text = Field(default_factory=dict, description="What people read instead of the name")
    on: Literal["start", "month", "hour", "coach-month", "outcome"] = param(..., "What is paid for")
    eur: float = param(..., "Euros per unit", unit="EUR", ge=0, le=1_000_000)
    outcome: list[Outcome] | None = param(None, "What counts as the outcome", min_length=1)
    business_kinds: list[BusinessKind] | None = param(
        None, "Kinds of own business that count as entrepreneurship; left out: all", min_length=1
    )
    sustained_days: int | None = param(
        None, "Days that the outcome must last, in one spell", unit="days", ge=0, le=3650
    )
    min_hours_share: float | None = param(
        None, "Smallest job or business that counts, share of full time", ge=0, le=1
    )
    starts_within: str | None = param(
        None, 'When the outcome must begin: "service", or "service+90d"'
    )
    completed_within: str | None = param(
        None, 'When it must be complete: "contract", "service" or "service+365d"'
    )
    by_group: dict[str, float] | None = param(
        None, "Factor on eur by group: the contract's groups, or near/middle/far as assessed"
    )
    max_per_client: float | None = param(
        None, "Most units paid for one client (months, hours)", gt=0, le=10_000
    )
    from_service_week: int | None = param(
        None, "First week of service paid; the week of the start is 0", unit="weeks", ge=0, le=520
    )
    to_service_week: int | None = param(
        None, "Last week of service paid; the week of the start is 0", unit="weeks", ge=0, le=520
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

    @model_validator(mode="after")
    def _consistent(self) -> Fee:
        refuse([*self._misplaced(), *self._windows(), *self._factors()])
        return self

    def _misplaced(self) -> list[Fault]:
        faults = [
            Fault(key, "only_for", kinds=", ".join(sorted(kinds)), on=self.on)
            for key, kinds in _ONLY_FOR.items()
            if getattr(self, key) is not None and self.on not in kinds
        ]
        if self.on == "outcome" and self.outcome is None:
            faults.append(Fault("outcome", "required"))
        if self.business_kinds and "entrepreneurship" not in (self.outcome or ()):
            faults.append(Fault("business_kinds", "needs_entrepreneurship"))
        if self.eur_unnotified is not None and self.eur_unnotified > self.eur:
            faults.append(Fault("eur_unnotified", "not_above", other="eur"))
        return faults

    def _windows(self) -> list[Fault]:
        faults = []
        begin, end = self.starts_within, self.completed_within
        if begin is not None and not START_WINDOW.fullmatch(begin):
            faults.append(Fault("starts_within", "start_window", got=begin))
        if end is not None and not END_WINDOW.fullmatch(end):
            faults.append(Fault("completed_within", "end_window", got=end))
        first, last = self.from_service_week, self.to_service_week
        if first is not None and last is not None and first > last:
            faults.append(Fault("from_service_week", "not_above", other="to_service_week"))
        return faults

    def _factors(self) -> list[Fault]:
        return [
            Fault(dotted(("by_group", name)), "too_small", limit=0, got=factor)
            for name, factor in (self.by_group or {}).items()
            if factor < 0
        ]


class Contract(Section):
    """The contract between purchaser and providers."""

    start_week: int = param(4, "First week of service", unit="week", ge=0, le=1560)
    weeks: int = param(87, "Weeks during which clients are served", unit="weeks", ge=1, le=1560)
    service_weeks_max: int = param(35, "Longest service for one client", unit="weeks", ge=1, le=520)
    tracking_weeks: int = param(
        26, "Last payable week: start_week + weeks + this; outcomes can be completed until then",
        unit="weeks", ge=0, le=520,
    )  # fmt: skip
    last_payable_week: int | None = param(
        None, "Last week in which anything is paid; left out: contract end plus tracking",
        unit="week", ge=0, le=3000,
    )  # fmt: skip
    minimum_hours: float = param(
        0.08, "Client hours a week that the contract promises everybody", unit="hours/week", ge=0,
        le=40, status="assumption", source="model.md starting value for the minimum",
    )  # fmt: skip
    may_send_back: bool = param(
        False, "Whether providers may send referred people back instead of serving them"
    )
    budget_eur: float | None = param(
        None, "Most that is paid in fees in all: referral stops when it is committed, payment when "
        "it is spent; left out: no ceiling", unit="EUR", gt=0, le=1_000_000_000,
    )  # fmt: skip
    verification: Literal["register", "notice", "sample"] = param(
        "register", "How outcomes are proved: by a register, the client's notice, or a sample"
    )
    verification_lag_weeks: int = param(
        4, "Weeks until the register shows an outcome, or the check of a sampled claim is done",
        unit="weeks", ge=0, le=104, status="assumption", source="",
    )  # fmt: skip
    notice_chance: float = param(
        0.7, "Chance that a client gives notice of an outcome (notice)", ge=0, le=1,
        plausible=(0.3, 0.95), status="assumption", source="sign from FEE-01, ADM-05; no number",
    )  # fmt: skip
    notice_weeks: int = param(
        4, "Weeks waited for a notice; then the fee is settled without one (notice)", unit="weeks",
        ge=0, le=104, status="assumption", source="",
    )  # fmt: skip
    sample_share: float = param(
        0.2, "Share of claims that is checked; the others are paid at once (sample)", ge=0, le=1,
        status="assumption", source="",
    )  # fmt: skip
    dispute_chance: float = param(
        0.0, "Chance that a claim is sent back when it is looked at", ge=0, le=1,
        plausible=(0, 0.95), status="assumption",
        source='ADM-01: "nearly every" invoice in some large pilots, fewer where data transfer '
        "is agreed (ADM-04); no number",
    )  # fmt: skip
    dispute_weeks: int = param(
        6, "Weeks until a disputed claim comes back", unit="weeks", ge=1, le=104,
        plausible=(2, 13), status="assumption", source="",
    )  # fmt: skip
    dispute_lost_share: float = param(
        0.1, "Share of disputed claims that is not paid in the end", ge=0, le=1,
        plausible=(0, 0.5), status="assumption", source="",
    )  # fmt: skip
    rescale: bool = param(
        True, "Whether the next three keys rescale the fees; false pays the euros as written"
    )
    outcome_share: float | None = param(
        None, "Share of the expected spend that hangs on outcomes; rescales the fees", ge=0, le=1
    )
    expected_spend_per_start_eur: float | None = param(
        None, "What a start costs at the expected outcome rate", unit="EUR", gt=0, le=1_000_000
    )
    expected_outcome_rate: float | None = param(
        None, "Share of starts that earn the outcome fee, as the purchaser expects", gt=0, lt=1
    )
    groups: list[Group] = Field(
        default_factory=list, description="Groups priced apart", max_length=50
    )
    fees: list[Fee] = Field(
        default_factory=list, description="Elements of the price", max_length=100
    )

    @property
    def end_week(self) -> int:
        """First week after the service."""
        return self.start_week + self.weeks

    @property
    def last_week_paid(self) -> int:
        """Last week in which anything is paid."""
        if self.last_payable_week is not None:
            return self.last_payable_week
        return self.end_week + self.tracking_weeks

    @property
    def rescales(self) -> bool:
        """Whether fees are rescaled so that designs are equally generous."""
        return self.rescale and self.outcome_share is not None

    @model_validator(mode="after")
    def _consistent(self) -> Contract:
        refuse([*self._generosity_faults(), *self._group_faults(), *self._notice_faults()])
        return self

    def _notice_faults(self) -> list[Fault]:
        if self.verification == "notice":
            return []
        return [
            Fault(dotted(("fees", fee.name, "eur_unnotified")), "needs_notice")
            for fee in self.fees
            if fee.eur_unnotified is not None and fee.on == "outcome"
        ]

    def _generosity_faults(self) -> list[Fault]:
        keys = ("outcome_share", "expected_spend_per_start_eur", "expected_outcome_rate")
        given = [key for key in keys if getattr(self, key) is not None]
        if 0 < len(given) < len(keys):
            missing = ", ".join(key for key in keys if key not in given)
            return [Fault(given[0], "needs", keys=missing)]
        if not given or not self.rescale:
            return []
        faults = []
        on_outcome = any(fee.on == "outcome" and fee.eur > 0 for fee in self.fees)
        fixed = any(fee.on != "outcome" and fee.eur > 0 for fee in self.fees)
        if self.outcome_share and not on_outcome:
            faults.append(Fault("outcome_share", "share_without_outcome"))
        if self.outcome_share != 1 and self.fees and not fixed:
            faults.append(Fault("outcome_share", "share_without_fixed"))
        return faults

    def _group_faults(self) -> list[Fault]:
        names = {group.name for group in self.groups} or {"near", "middle", "far"}
        faults = []
        for fee in self.fees:
            if fee.by_group is None:
                continue
            for name in sorted(names ^ set(fee.by_group)):
                code = "group_unpriced" if name in names else "group_unknown"
                key = dotted(("fees", fee.name, "by_group"))
                faults.append(Fault(key, code, group=name, known=", ".join(sorted(names))))
        return faults
