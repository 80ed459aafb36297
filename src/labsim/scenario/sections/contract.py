"""``[contract]``: what is bought, and what is paid for it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from labsim.scenario.parameter import Fault, Name, Section, param, refuse, table
from labsim.scenario.paths import dotted
from labsim.scenario.sections.fee import FEES_OF_A_START, Fee
from labsim.scenario.sections.referral import Target
from labsim.scenario.text import Text


class Group(Section):
    """A named group of clients that a contract prices apart."""

    name: Name = param(..., "Name of the group", min_length=1, max_length=60)
    title: Text = Field(default_factory=dict, description="What people read instead of the name")
    when: Target = table(
        Target,
        "Who belongs to it; the first group that fits counts; left out of the last: all else",
    )

    @property
    def holds_all(self) -> bool:
        """Whether it asks for nothing, so that everybody left belongs to it."""
        return not self.when.model_dump(exclude_none=True)


class Contract(Section):
    """The contract between purchaser and providers."""

    start_week: int = param(4, "First week of service", unit="week", ge=0, le=1560)
    weeks: int = param(87, "Weeks during which clients are served", unit="weeks", ge=1, le=1560)
    service_weeks_max: int = param(35, "Longest service for one client", unit="weeks", ge=1, le=520)
    short_spell_weeks: int = param(
        0, "Longest job, study or other spell after which a client comes back to the service, "
        "while there is time left; 0: any spell ends it", unit="weeks", ge=0, le=520,
    )  # fmt: skip
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
        None, "Most that is paid in fees in all: referral stops when it is committed at the prices "
        "written here (not those of bids), payment when it is spent; left out: no ceiling",
        unit="EUR", gt=0, le=1_000_000_000,
    )  # fmt: skip
    minimum_volume: int | None = param(
        None, "Starts that the purchaser guarantees; it pays for those missing when the contract "
        "ends, each provider its share", ge=1, le=1_000_000,
    )  # fmt: skip
    minimum_volume_eur: float | None = param(
        None, "Euros for a start that is missing from the minimum volume; left out: what a start "
        "is expected to bring by start, month, hour and unit fees", unit="EUR", ge=0, le=1_000_000,
    )  # fmt: skip
    client_budget_eur: float | None = param(
        None, "Most euros of month, hour and unit fees together for one client: the client's purse",
        unit="EUR", gt=0, le=1_000_000,
    )  # fmt: skip
    measurement_noise_sd: float = param(
        1.0, "Error of a measured score (progress pay), at the start and again at the end",
        unit="points 0-10", ge=0, le=5, plausible=(0.3, 1.5), status="assumption",
        source="under the office's own error of 1.3 points (model.md)",
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
        refuse(
            [
                *self._generosity_faults(), *self._group_faults(), *self._notice_faults(),
                *self._stop_faults(), *self._volume_faults(),
            ]
        )  # fmt: skip
        return self

    def ended_by(self, fee: Fee) -> list[Fee]:
        """Return the other fees that end for a client when a fee is paid."""
        named = set(fee.stops or ())
        return [
            other for other in self.fees
            if other.name != fee.name and (other.name in named or other.on in named)
        ]  # fmt: skip

    def _stop_faults(self) -> list[Fault]:
        faults = []
        for fee in self.fees:
            others = [other for other in self.fees if other.name != fee.name]
            key = dotted(("fees", fee.name, "stops"))
            for name in fee.stops or ():
                named = [other for other in others if name in (other.name, other.on)]
                if not named:
                    faults.append(Fault(key, "stops_nothing", name=name))
                elif not any(other.ends_for_a_client for other in named):
                    faults.append(Fault(key, "stops_what_goes_on", name=name))
        return faults

    def _volume_faults(self) -> list[Fault]:
        faults = []
        if self.minimum_volume_eur is not None and self.minimum_volume is None:
            faults.append(Fault("minimum_volume_eur", "needs", keys="minimum_volume"))
        of_a_start = any(fee.on in FEES_OF_A_START and fee.eur > 0 for fee in self.fees)
        if self.minimum_volume and self.minimum_volume_eur is None and self.fees and not of_a_start:
            faults.append(Fault("minimum_volume", "unpriced_volume"))
        paid_from_it = any(fee.on in ("month", "hour", "unit") for fee in self.fees)
        if self.client_budget_eur is not None and self.fees and not paid_from_it:
            faults.append(Fault("client_budget_eur", "empty_purse"))
        return faults

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
        on_outcome = any(fee.is_event and fee.eur > 0 for fee in self.fees)
        fixed = any(fee.rescales and fee.eur > 0 and not fee.is_event for fee in self.fees)
        if self.outcome_share and not on_outcome:
            faults.append(Fault("outcome_share", "share_without_outcome"))
        if self.outcome_share != 1 and self.fees and not fixed:
            faults.append(Fault("outcome_share", "share_without_fixed"))
        return faults

    def _group_faults(self) -> list[Fault]:
        names = {group.name for group in self.groups} or {"near", "middle", "far"}
        faults = [
            Fault(dotted(("groups", group.name, "when")), "group_for_all")
            for group in self.groups[:-1] if group.holds_all
        ]  # fmt: skip
        for fee in self.fees:
            if fee.by_group is None:
                continue
            for name in sorted(names ^ set(fee.by_group)):
                code = "group_unpriced" if name in names else "group_unknown"
                key = dotted(("fees", fee.name, "by_group"))
                faults.append(Fault(key, code, group=name, known=", ".join(sorted(names))))
        return faults
