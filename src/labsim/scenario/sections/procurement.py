"""``[procurement]``: how providers are chosen, at what prices, and for how many contracts."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from labsim.scenario.parameter import Fault, Name, Section, param, refuse

MODEL = "model.md starting value"
Procedure = Literal["direct", "open", "negotiated", "framework", "challenge", "voucher", "alliance"]
LEAD_WEEKS: dict[str, int] = {"direct": 0, "negotiated": 17}
"""Weeks from the start of a procedure to its contract; TIM-01: about 4 months with negotiation."""
TWO_STAGES = ("negotiated", "challenge")
"""Procedures in which some of those who bid are asked once more."""
PRICES_AS_WRITTEN = ("challenge", "voucher", "alliance")
"""Procedures in which nobody bids on prices."""
SHORTER_LEAD = 12
"""The same for all others: shorter than with negotiation (TIM-04); the number is assumed."""

PRICED = ("open", "negotiated", "framework")
"""Procedures in which prices are compared."""
TENDERED = (*PRICED, "challenge", "voucher", "alliance")
READ_BY: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("price_weight", "quality_weight", "markup", "past_rounds", "undercutting", "least_markup"),
        PRICED,
    ),
    **dict.fromkeys(("bid_on", "ceiling"), (*PRICED, "voucher")),
    "quality_noise_sd": (*PRICED, "challenge", "alliance"),
    "shortlist": ("negotiated", "challenge"),
    "final_markup": ("negotiated",),
    "concept_spread": ("challenge",),
    "alliance_share": ("alliance",),
    "alliance_trust": ("alliance",),
    **dict.fromkeys(
        (
            "bidders", "incumbents", "winners", "consortium_size", "consortium_forced",
            "voluntary_friction", "forced_friction", "cost_sd", "skill_sd", "caseload_sd",
            "optimism_bias", "optimism_sd", "dialogue_rounds", "dialogue_narrows",
            "dialogue_weeks", "dialogue_hours", "bid_hours", "tender_hours",
            "mobilisation_weeks", "notice_weeks",
        ),
        TENDERED,
    ),
}  # fmt: skip
"""Keys that only some procedures read, and which; all others are read by every procedure."""


class Lot(Section):
    """A part of the contract that is awarded by itself."""

    name: Name = param(..., "Name of the lot", min_length=1, max_length=60)
    areas: list[str] | None = param(None, "Areas whose clients it holds", min_length=1)
    share: float | None = param(
        None, "Share of clients that it holds, if lots are shares", gt=0, le=1
    )


class Procurement(Section):
    """How the purchaser comes to providers and prices."""

    procedure: Procedure = param(
        "direct",
        "How providers are chosen: direct (as written, at prices as written), open (bids are "
        "compared once), negotiated (dialogue, then best and final bids), framework (several win, "
        "then clients are placed one by one), challenge (concepts are judged, the prize is the "
        "contract), voucher (all who qualify, at a fixed price) or alliance (one partner, open "
        "books, shared gain)",
    )
    bidders: int | None = param(
        None, "How many bid, the scenario's own providers among them; left out: 8, and 37 in a "
        "challenge (CC-01)", ge=1, le=200,
    )  # fmt: skip
    incumbents: bool = param(
        True, "Whether the scenario's providers bid, as written; false: bidders are only drawn "
        "around the first of them"
    )  # fmt: skip
    winners: int | None = param(
        None, "How many win (in each lot); left out: 1, 3 in a framework or challenge (CC-03), "
        "and all with vouchers", ge=1, le=200,
    )  # fmt: skip
    shortlist: int | None = param(
        None, "How many are asked for a second round; left out: 3, and 10 in a challenge (CC-02)",
        ge=1, le=200,
    )  # fmt: skip
    price_weight: float = param(
        0.6, "Weight of the price in the award", ge=0, le=1, status="assumption", source=MODEL
    )
    quality_weight: float = param(
        0.4, "Weight of quality in the award; with price_weight it is 1", ge=0, le=1,
        status="assumption", source=MODEL,
    )  # fmt: skip
    quality_noise_sd: float = param(
        0.15, "Error of quality scores", unit="SD of log", ge=0, le=3, plausible=(0, 0.5),
        status="assumption", source="",
    )  # fmt: skip
    bid_on: str = param(
        "all", "What is bid on: all (one factor on every fee) or the name of a fee, whose eur is "
        "then the highest bid that is admitted", min_length=1, max_length=80,
    )  # fmt: skip
    ceiling: float | None = param(
        None, "Highest factor on the fees that is admitted; left out: none (with bid_on a fee: 1)",
        gt=0, le=100,
    )  # fmt: skip
    lots: list[Lot] = Field(
        default_factory=list, description="Parts that are awarded apart", max_length=50
    )
    consortium_size: int = param(
        1, "Firms that bid together; PRC-07: up to 4", unit="firms", ge=1, le=10
    )
    consortium_forced: bool = param(
        False, "Whether the purchaser forces them together (PRC-09: works worse)"
    )
    voluntary_friction: float = param(
        0.03, "Skill lost to working together, by choice", ge=0, le=1, plausible=(0, 0.1),
        status="assumption", source="the sign is M-PRC-06",
    )  # fmt: skip
    forced_friction: float = param(
        0.15, "Skill lost to working together, if forced", ge=0, le=1, plausible=(0.05, 0.3),
        status="assumption", source="the sign is PRC-09",
    )  # fmt: skip
    coach_bar: float = param(
        0.0, "How high a qualification is asked of coaches: 0 (none) to 1 (the highest)", ge=0, le=1
    )
    coach_bar_useful: float = param(
        0.4, "Bar above which skill rises no more", ge=0, le=1, status="assumption",
        source="that there is such a threshold is PRC-05",
    )  # fmt: skip
    coach_bar_skill: float = param(
        0.1, "What the useful part of the bar adds to skill", ge=0, le=2, plausible=(0, 0.2),
        status="assumption", source="",
    )  # fmt: skip
    coach_bar_hiring: float = param(
        0.8, "Part of hiring that the highest bar takes away", ge=0, lt=1, plausible=(0.3, 0.95),
        status="assumption", source="PRC-04: hardly any recruits were found",
    )  # fmt: skip
    coach_bar_cost: float = param(
        0.15, "What the highest bar adds to the cost of a coach", ge=0, le=2, plausible=(0, 0.3),
        status="assumption", source="the sign is M-PRO-11",
    )  # fmt: skip
    cost_sd: float = param(
        0.08, "How far bidders' costs of a coach differ", unit="SD of log", ge=0, le=2,
        plausible=(0, 0.2), status="assumption", source="spans 1,050-1,450 EUR a week (P 7)",
    )  # fmt: skip
    skill_sd: float = param(
        0.1, "How far bidders' skills differ", unit="SD of log", ge=0, le=2, plausible=(0, 0.3),
        status="assumption", source="",
    )  # fmt: skip
    concept_spread: float = param(
        3.0, "How many times as far concepts differ in a challenge", ge=1, le=20,
        plausible=(1.5, 5), status="assumption", source="the sign is CC-08",
    )  # fmt: skip
    caseload_sd: float = param(
        0.25, "How far bidders' planned caseloads differ", unit="SD of log", ge=0, le=2,
        plausible=(0.1, 0.4), status="assumption", source=MODEL,
    )  # fmt: skip
    optimism_bias: float = param(
        0.10, "By how much the middle bidder over-estimates the target group", unit="log", ge=-1,
        le=1, plausible=(0, 0.2), status="assumption", source=MODEL,
    )  # fmt: skip
    optimism_sd: float = param(
        0.25, "How far bidders' views of the target group differ", unit="SD of log", ge=0, le=2,
        plausible=(0.1, 0.4), status="assumption", source=MODEL,
    )  # fmt: skip
    markup: float = param(
        0.10, "What a bidder without rivals asks over its cost; with n bidders 1/sqrt(n) of it",
        ge=0, le=2, status="assumption", source=MODEL,
    )  # fmt: skip
    past_rounds: int = param(
        0, "Price competitions before the first contract", unit="rounds", ge=0, le=50
    )
    undercutting: float = param(
        0.03, "By how much the mark-up falls with each of them and each later award (times the "
        "weight of the price)", ge=0, le=0.5, plausible=(0, 0.1), status="assumption",
        source="the sign is PRC-01",
    )  # fmt: skip
    least_markup: float = param(
        -0.2, "Where the mark-up stops falling; below 0 under cost", ge=-0.9, le=0,
        status="assumption", source="that prices fell below cost is PRC-01",
    )  # fmt: skip
    final_markup: float = param(
        0.5, "Part of the mark-up that best and final bids keep", ge=0, le=1, plausible=(0, 1),
        status="assumption", source="",
    )  # fmt: skip
    dialogue_rounds: int | None = param(
        None, "Rounds of market dialogue; left out: none, and 2 in a negotiated procedure", ge=0,
        le=10,
    )  # fmt: skip
    dialogue_narrows: float = param(
        0.7, "What a round of dialogue leaves of bias and differences in view", ge=0, le=1,
        plausible=(0.5, 1), status="assumption", source="the sign is M-PRC-04",
    )  # fmt: skip
    dialogue_weeks: int = param(
        4, "Weeks that a round of dialogue takes", unit="weeks", ge=0, le=52, status="assumption",
        source="the sign is TIM-04",
    )  # fmt: skip
    dialogue_hours: float = param(
        40.0, "Hours that a round takes, of the purchaser and of each bidder", unit="hours", ge=0,
        le=10_000, status="assumption", source="",
    )  # fmt: skip
    bid_hours: float = param(
        80.0, "Hours that a bid takes, of each bidder", unit="hours", ge=0, le=10_000,
        status="assumption", source="that it is much is TIM-05",
    )  # fmt: skip
    tender_hours: float = param(
        300.0, "Hours that a procedure takes, of the purchaser", unit="hours", ge=0, le=100_000,
        status="assumption", source="",
    )  # fmt: skip
    alliance_share: float = param(
        0.5, "Part of the cost of coaches and overhead that the purchaser bears in an alliance, "
        "and of every fee that it keeps", ge=0, lt=1, plausible=(0.3, 0.7), status="assumption",
        source="",
    )  # fmt: skip
    alliance_trust: float = param(
        0.3, "Part of what the office's trust in an alliance's partner lacks that comes at once",
        ge=0, le=1, plausible=(0, 0.5), status="assumption", source="the sign is M-TRU-08",
    )  # fmt: skip
    may_withdraw: bool = param(
        False,
        "Whether providers leave a contract on which they expect to lose too much; who has "
        "left one is not admitted to later ones",
    )
    withdrawal_cost_weeks: float = param(
        8.0, "What leaving costs a provider elsewhere (penalty, name), in weeks of the promised "
        "coaches' cost: it leaves when it expects to lose more by staying", unit="weeks", ge=0,
        le=520, plausible=(0, 26), status="assumption", source="",
    )  # fmt: skip
    withdrawal_patience_weeks: int = param(
        26, "Weeks of a contract before it thinks of that, once a quarter", unit="weeks", ge=0,
        le=520, status="assumption", source="",
    )  # fmt: skip
    rounds: int = param(1, "Contracts in a row, each of contract.weeks", unit="contracts", ge=1,
                        le=20)  # fmt: skip
    notice_weeks: int = param(
        26, "Weeks before a contract's end in which the next procedure begins", unit="weeks", ge=0,
        le=520,
    )  # fmt: skip
    mobilisation_weeks: int = param(
        4, "Weeks from contract to first clients", unit="weeks", ge=0, le=52, status="derived",
        source="TIM-01, TIM-02: contract in October, customers in November",
    )  # fmt: skip
    option_weeks: int = param(
        0, "Weeks by which a contract may go on without a procedure, to bridge a gap",
        unit="weeks", ge=0, le=520,
    )  # fmt: skip
    gap_weeks: int | None = param(
        None, "Weeks between contracts; left out: what the procedure takes beyond notice and "
        "options", unit="weeks", ge=0, le=520,
    )  # fmt: skip
    gap_leaving: float = param(
        0.10, "Part of the coaches who leave in a week between contracts", unit="share/week", ge=0,
        le=1, plausible=(0.03, 0.25), status="assumption", source="the sign is M-PRC-09",
    )  # fmt: skip
    gap_fading: float = param(
        0.03, "Part of what a service has learnt that fades in a week without clients",
        unit="share/week", ge=0, le=1, plausible=(0, 0.1), status="assumption",
        source="as the office forgets (model.md)",
    )  # fmt: skip
    rebuild_hiring: float = param(
        0.3, "What a gap leaves of the pace of hiring", ge=0.01, le=1, plausible=(0.1, 1),
        status="assumption", source="PRC-06: rebuilding takes long, even years",
    )  # fmt: skip
    rebuild_weeks: int = param(
        26, "Weeks for which hiring stays slow after a gap", unit="weeks", ge=0, le=520,
        status="assumption", source="PRC-06: long, even years",
    )  # fmt: skip

    @property
    def tendered(self) -> bool:
        """Whether there are bids at all."""
        return self.procedure != "direct"

    @property
    def dialogues(self) -> int:
        """Rounds of market dialogue."""
        if self.dialogue_rounds is not None:
            return self.dialogue_rounds
        return 2 if self.procedure == "negotiated" else 0

    @property
    def entrants(self) -> int:
        """How many bid."""
        if self.bidders is not None:
            return self.bidders
        return 37 if self.procedure == "challenge" else 8

    @property
    def lead_weeks(self) -> int:
        """Weeks from the start of a procedure to first clients."""
        if not self.tendered:
            return 0
        lead = LEAD_WEEKS.get(self.procedure, SHORTER_LEAD)
        # The time to contract with negotiation is known with its usual dialogue.
        extra = self.dialogues - (2 if self.procedure == "negotiated" else 0)
        return max(lead + extra * self.dialogue_weeks, 0) + self.mobilisation_weeks

    @property
    def lateness(self) -> int:
        """Weeks that a procedure takes beyond the notice before a contract's end."""
        return max(self.lead_weeks - self.notice_weeks, 0)

    @property
    def bridge(self) -> int:
        """Weeks by which contracts but the last go on without a procedure."""
        late = self.lateness if self.gap_weeks is None else self.gap_weeks
        return min(self.option_weeks, late)

    @property
    def gap(self) -> int:
        """Weeks between two contracts."""
        return (self.lateness if self.gap_weeks is None else self.gap_weeks) - self.bridge

    @model_validator(mode="after")
    def _consistent(self) -> Procurement:
        refuse([*self._weights(), *self._numbers(), *self._lots()])
        return self

    def _weights(self) -> list[Fault]:
        total = self.price_weight + self.quality_weight
        if abs(total - 1) < 1e-9:
            return []
        return [Fault("price_weight", "weights_not_1", total=f"{total:g}")]

    def _numbers(self) -> list[Fault]:
        if not self.tendered:
            return []
        faults, field = [], self.entrants // self.consortium_size
        if field < 1:
            faults.append(Fault("consortium_size", "consortium_too_large", bidders=self.entrants))
        elif self.winners is not None and self.winners > field:
            faults.append(Fault("winners", "more_winners_than_bids", bids=field))
        return [*faults, *self._stages(field), *self._meaningless()]

    def _stages(self, field: int) -> list[Fault]:
        """Find second rounds that are larger than the first, or too small for the winners."""
        if self.shortlist is None or self.procedure not in TWO_STAGES:
            return []
        if self.shortlist > self.entrants:
            return [Fault("shortlist", "longer_than_bids", bids=self.entrants)]
        usual = 3 if self.procedure == "challenge" else 1
        winners = min(usual, field) if self.winners is None else self.winners
        if winners > self.shortlist:
            return [Fault("shortlist", "shorter_than_winners", winners=winners)]
        return []

    def _meaningless(self) -> list[Fault]:
        """Find what a procedure has no use for."""
        faults = []
        if self.procedure == "alliance" and (self.winners or 1) > 1:
            faults.append(Fault("winners", "one_partner"))
        if self.procedure in PRICES_AS_WRITTEN and self.ceiling is not None:
            faults.append(Fault("ceiling", "no_bids_on_prices", procedure=self.procedure))
        return faults

    def _lots(self) -> list[Fault]:
        by_area = [lot for lot in self.lots if lot.areas is not None and lot.share is None]
        by_share = [lot for lot in self.lots if lot.share is not None and lot.areas is None]
        if self.lots and len(self.lots) not in (len(by_area), len(by_share)):
            return [Fault("lots", "lots_mixed")]
        if self.lots and not self.tendered:
            return [Fault("lots", "lots_without_bids")]
        total = sum(lot.share or 0.0 for lot in by_share)
        if by_share and abs(total - 1) > 1e-9:
            return [Fault("lots", "lot_shares", total=f"{total:g}")]
        areas = [area for lot in by_area for area in lot.areas or ()]
        twice = sorted({area for area in areas if areas.count(area) > 1})
        return [Fault("lots", "lots_overlap", area=area) for area in twice]
