"""``[referral]``: who may come, how they are chosen, and whether they accept."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from labsim.scenario.parameter import Fault, Section, param, refuse, table

MODEL = "model.md starting value"
Education = Literal["basic", "secondary", "tertiary"]
Benefit = Literal["earnings-related", "basic-allowance", "labour-market-support"]


class Target(Section):
    """Who may be referred; keys left out restrict nothing."""

    areas: list[str] | None = param(None, "Only people of these areas", min_length=1)
    age_min: int | None = param(None, "Youngest age", unit="years", ge=18, le=64)
    age_max: int | None = param(None, "Oldest age", unit="years", ge=18, le=64)
    education: list[Education] | None = param(None, "Only these levels of education", min_length=1)
    benefit: list[Benefit] | None = param(None, "Only recipients of these benefits", min_length=1)
    unemployed_months_min: float | None = param(
        None, "Months out of work, at least", unit="months", ge=0
    )
    unemployed_months_max: float | None = param(
        None, "Months out of work, at most", unit="months", ge=0
    )
    support_days_min: int | None = param(
        None, "Days of labour-market support, at least", unit="days", ge=0
    )
    work_ability_min: float | None = param(
        None, "Work ability as the office sees it, at least", unit="points 0-10", ge=0, le=10
    )
    work_ability_max: float | None = param(
        None, "Work ability as the office sees it, at most", unit="points 0-10", ge=0, le=10
    )

    sectors: list[str] | None = param(None, "Only people of these sectors", min_length=1)
    sectors_excluded: list[str] | None = param(None, "Nobody of these sectors", min_length=1)
    languages: list[str] | None = param(None, "Only people of these languages", min_length=1)
    needs_min: int | None = param(
        None, "Simultaneous service needs, at least", unit="needs", ge=0, le=3
    )
    no_known_change_months: float | None = param(
        None, "Nobody who is known to leave unemployment within so many months", unit="months", ge=0
    )
    expected_exit_months_max: float | None = param(
        None, "Months until the office expects a person to leave unemployment, at most",
        unit="months", gt=0,
    )  # fmt: skip

    @model_validator(mode="after")
    def _in_order(self) -> Target:
        faults = []
        for stem in ("age", "unemployed_months", "work_ability"):
            low, high = getattr(self, f"{stem}_min"), getattr(self, f"{stem}_max")
            if low is not None and high is not None and low > high:
                faults.append(
                    Fault(f"{stem}_min", "above_max", other=f"{stem}_max", low=low, high=high)
                )
        refuse(faults)
        return self


class Acceptance(Section):
    """Whether a referred person accepts: a logit in motivation and belief in finding work alone."""

    intercept: float = param(
        0.92, "At motivation 7.5, belief 5.5 and no wait", ge=-20, le=20, status="derived",
        source=f"{MODEL}; 13,000 referred gave 8,500 started (Tehostettu)",
    )  # fmt: skip
    per_motivation_point: float = param(
        0.25, "Per point of motivation", ge=-5, le=5, status="assumption", source=MODEL
    )
    per_belief_point: float = param(
        -0.35,
        "Per point of belief in finding work alone",
        ge=-5,
        le=5,
        status="assumption",
        source=MODEL,
    )
    per_week_waited: float = param(
        -0.06, "Per week between referral and start", ge=-5, le=5, status="assumption", source=MODEL
    )
    by_letter: float = param(
        -0.4, "If a letter referred the person", ge=-20, le=20, plausible=(-1, 0),
        status="assumption", source="bulk referral starts fewer (M-REF-03, implied)",
    )  # fmt: skip
    by_own_wish: float = param(
        1.0, "If the person came by himself or herself", ge=-20, le=20, plausible=(0, 2),
        status="assumption", source="implied in M-REF-14",
    )  # fmt: skip
    after_session: float = param(
        0.5, "If the person has been to an information session", ge=-20, le=20, plausible=(0, 1.5),
        status="assumption", source="the sign is REF-24",
    )  # fmt: skip
    per_fit_seen: float = param(
        0.5, "Then per unit by which coaching suits the person better than usual, at most one",
        ge=-5, le=5, plausible=(0, 1.5), status="assumption",
        source="the sign is PART-02: a service that does not fit is the second reason to decline",
    )  # fmt: skip
    mandatory: float = param(
        1.5, "If the person is obliged to take part", ge=-20, le=20, plausible=(0, 3),
        status="assumption", source="",
    )  # fmt: skip
    far: float = param(
        -0.5, "If the service is face to face and not near", ge=-20, le=20, plausible=(-1.5, 0),
        status="assumption", source="the sign is PREF-22",
    )  # fmt: skip
    far_tertiary: float = param(
        0.5, "What distance weighs with people of tertiary education, relative to others", ge=0,
        le=10, plausible=(0, 1), status="assumption", source="the sign is PREF-23",
    )  # fmt: skip
    remote_difficult: float = param(
        -1.5, "If all contact is remote, for those who find that difficult", ge=-20, le=20,
        plausible=(-3, 0), status="assumption", source="the sign is REM-01",
    )  # fmt: skip
    remote_disliked: float = param(
        -0.3, "The same for others who would rather meet", ge=-20, le=20, plausible=(-1, 0),
        status="assumption", source="the sign is REM-03",
    )  # fmt: skip
    remote_liked: float = param(
        0.3, "The same for those who would rather be served remotely", ge=-20, le=20,
        plausible=(0, 1), status="assumption", source="the sign is REM-03",
    )  # fmt: skip


class Session(Section):
    """Whether an invited person comes to an information session: a logit in motivation."""

    intercept: float = param(
        0.0, "At motivation 7.5", ge=-20, le=20, plausible=(-1, 1), status="assumption", source=""
    )
    per_motivation_point: float = param(
        0.25, "Per point of motivation", ge=-5, le=5, plausible=(0, 0.5), status="assumption",
        source="the sign is M-REF-15; the size is that of acceptance",
    )  # fmt: skip


class Marketing(Section):
    """How many people ask for the service by themselves, given how providers market it."""

    inquiries_per_month: float = param(
        0.05, "Share of the target group that asks in a month, at motivation 7.5, where one "
        "provider makes itself known as much as it can (10 points)", ge=0, le=10,
        plausible=(0.01, 0.2), status="assumption", source="the sign is REF-23",
    )  # fmt: skip
    returns: float = param(
        0.5, "Exponent of marketing: under 1, more of it brings ever less", ge=0, le=1,
        plausible=(0.3, 0.8), status="assumption", source="the form is M-REF-14",
    )  # fmt: skip
    per_motivation_point: float = param(
        0.15, "Rise of the log rate per point of motivation", ge=-5, le=5, plausible=(0, 0.3),
        status="assumption", source="self-selection, implied in M-REF-15",
    )  # fmt: skip
    aimed_at: Target = table(Target, "A special group that the marketing is aimed at")
    aimed_factor: float = param(
        1.0, "How many times as often people of that group ask", ge=0, le=100, plausible=(1, 4),
        status="assumption", source="the sign is REF-33 (M-REF-14)",
    )  # fmt: skip


class Choice(Section):
    """Who goes to which provider, where officers or clients choose: a multinomial logit."""

    per_trust: float = param(
        4.0, "What full trust weighs with an officer", ge=0, le=100, plausible=(0, 10),
        status="assumption", source="",
    )  # fmt: skip
    far: float = param(
        -1.5, "What it weighs with a client that a provider is not near", ge=-100, le=100,
        plausible=(-3, 0), status="assumption", source="the sign is PREF-22",
    )  # fmt: skip
    per_reputation_point: float = param(
        0.2, "What a point of reputation weighs with a client", ge=-10, le=10, plausible=(0, 0.5),
        status="assumption", source="the sign is PREF-22 (expertise)",
    )  # fmt: skip
    per_marketing_point: float = param(
        0.1, "What a point of marketing weighs with a client", ge=-10, le=10, plausible=(0, 0.5),
        status="assumption", source="the sign is REF-23",
    )  # fmt: skip
    usual: float = param(
        1.0, "What it weighs with a client that a provider is the usual one, the first of the near",
        ge=-100, le=100, plausible=(0, 3), status="assumption", source="",
    )  # fmt: skip


class Referral(Section):
    """How people come to the service."""

    regime: Literal[
        "central", "lottery", "advisor", "bulk", "profiling", "self", "info-session"
    ] = param(
        "central",
        "How people are chosen: central (the office works through its whole list), lottery, "
        "advisor (advisers refer some of those they meet), bulk (letters to many at once), "
        "profiling (in the order of assessed distance from work), self (people come by themselves, "
        "as providers make the service known) or info-session (the office invites to a session)",
    )
    also_self: bool = param(
        False, "Whether people may come by themselves as well, beside the regime"
    )
    participation: Literal["voluntary", "mandatory"] = param(
        "voluntary",
        "Whether people may decline freely, or lose benefit for some weeks if they do",
    )
    sanction_share: float = param(
        0.5, "Share of those who decline a mandatory service who lose benefit: the others have "
        "good reason", ge=0, le=1, plausible=(0.1, 0.9), status="assumption", source="",
    )  # fmt: skip
    sanction_weeks: int = param(
        9, "Weeks without benefit (karenssi)", unit="weeks", ge=0, le=520, status="memory",
        source="60 days for refusing a service, before 2022",
    )  # fmt: skip
    provider_choice: Literal["single", "rotation", "office", "client", "lottery"] = param(
        "single",
        "Which provider serves a client: single (the first), rotation (each in turn), office (the "
        "officer chooses), client (the client chooses) or lottery",
    )
    volume: int = param(
        1_000,
        "People referred in each contract",
        unit="persons",
        ge=0,
        le=10_000_000,
        status="assumption",
        source="",
    )
    drawn_share: float = param(
        0.5,
        "Share of the target group that a lottery draws; the others are never referred",
        gt=0,
        le=1,
    )
    profiling_first: Literal["far", "near"] = param(
        "far", "Whom profiling takes first: far or near, as assessed"
    )
    start_week: int = param(4, "First week of referral", unit="week", ge=0, le=1560)
    weeks: int = param(52, "Weeks during which people are referred", unit="weeks", ge=1, le=1560)
    wait_weeks: int = param(
        2,
        "Weeks from referral to start",
        unit="weeks",
        ge=0,
        le=104,
        status="assumption",
        source="",
    )
    target: Target = table(Target, "Who may be referred")
    acceptance: Acceptance = table(Acceptance, "Who accepts")
    session: Session = table(Session, "Who comes to an information session")
    marketing: Marketing = table(Marketing, "Who comes by himself or herself")
    choice: Choice = table(Choice, "What weighs when officers or clients choose a provider")

    @model_validator(mode="after")
    def _somebody_to_compare_with(self) -> Referral:
        if self.regime == "lottery" and self.drawn_share >= 1:
            refuse([Fault("drawn_share", "no_comparison")])
        return self

    @model_validator(mode="after")
    def _by_themselves(self) -> Referral:
        if self.regime == "self" and self.participation == "mandatory":
            refuse([Fault("participation", "self_mandatory")])
        if self.regime == "lottery" and self.also_self:
            refuse([Fault("also_self", "self_lottery")])
        return self
