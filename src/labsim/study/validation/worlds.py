"""What is simulated: every shipped pilot as it is, and paired experiments on a small market.

A world is one scenario under one or more variants over the same people and the same luck. Facts
share worlds; only those are run that the facts asked for look at.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from labsim.measure.reported import SPRING
from labsim.scenario import shipped
from labsim.study.validation.runs import OWN

REPLICATIONS = 10


@dataclass(frozen=True)
class Variant:
    """One way in which a world goes: a design and settings laid over the scenario."""

    settings: tuple[str, ...] = ()
    design: str | None = None


@dataclass(frozen=True)
class World:
    """A scenario under several variants.

    Attributes
    ----------
    scenario
        Id of a shipped scenario.
    variants
        By name; the first draws the people of the others.
    settings
        ``key=value`` pairs for all variants.
    """

    scenario: str
    variants: dict[str, Variant] = field(default_factory=lambda: {OWN: Variant()})
    settings: tuple[str, ...] = ()


def _set(*settings: str) -> Variant:
    return Variant(settings)


def _design(name: str, *settings: str) -> Variant:
    return Variant(settings, name)


LAB = ("population.register=7300", "referral.volume=557", "office.referral_team=1")
"""Focus Työpolut at a third of its size: the market of the experiments."""
_JOB = 'contract.fees."job of three months"'
_LONG = ("contract.weeks=104", "run.weeks=160")
_YEAR = ("contract.service_weeks_max=52", *_LONG)
_HARD = ("population.motivation_mean=5.0", "population.ability_mean=5.0")
_DISPUTED = ("contract.dispute_chance=0.9",)
_NEEDS = (
    "population.needs.none=0", "population.needs.one=0", "population.needs.two=0",
    "population.needs.three_or_more=1",
)  # fmt: skip
_SECTORS = "population.sectors={short = 0.05, other = 0.95}"
_SPRING = (
    'labour_market.shocks=[{name = "spring 2020", like = "spring-2020",'
    f" start_week = {SPRING.start}, weeks = {SPRING.stop - SPRING.start}, fading_weeks = 13}}]"
)
_OPEN = ('procurement.procedure="open"', "procurement.incumbents=false")
_TWICE = (
    *_OPEN, "procurement.rounds=2", "referral.weeks=30", "contract.weeks=52",
    "contract.service_weeks_max=20", "run.weeks=170",
)  # fmt: skip
_ADVISOR = 'referral.regime="advisor"'


def _lab(**variants: Variant) -> World:
    names = {name.replace("_", " "): variant for name, variant in variants.items()}
    return World("focus-tyopolut", names, LAB)


EXPERIMENTS: dict[str, World] = {
    "regimes": _lab(
        central=_set(),
        advisor=_set(_ADVISOR),
        bulk=_set('referral.regime="bulk"'),
        known=_set(_ADVISOR, "office.knowledge_at_start=1"),
        reluctant=_set(_ADVISOR, "office.advice_share=0.03"),
    ),
    "channels": _lab(
        central=_set(),
        session=_set('referral.regime="info-session"'),
        advisor=_set(_ADVISOR, "office.hold_back=0.3"),
        marketing=_set(
            _ADVISOR, "office.hold_back=0.3", "referral.also_self=true",
            'providers."Focus provider".marketing=8', "referral.marketing.aimed_factor=3",
            "referral.marketing.aimed_at.work_ability_max=6",
        ),
    ),
    "register": _lab(
        whole=_set("office.register_gap_share=0"), gaps=_set("office.register_gap_share=0.5")
    ),
    "length": _lab(eight_months=_set(*_LONG), twelve_months=_set(*_YEAR)),
    "skill": _lab(
        plain=_set('providers."Focus provider".skill=0.5'),
        skilled=_set('providers."Focus provider".skill=1.5'),
    ),
    "pay": _lab(
        monthly=_design("monthly"),
        mixed=_design("mixed"),
        by_group=_design("mixed-by-group"),
        outcomes=_design("no-cure-no-pay"),
    ),
    "placebo": World("palvelumanageri", {"days": _set("coaching.effect_scale=0")}),
    "answers": _lab(flat=_design("monthly"), feedback=_design("feedback")),
    "hard group": _lab(
        usual=_design("no-cure-no-pay"),
        unmotivated=_design("no-cure-no-pay", "population.motivation_mean=5.0"),
        hard=_design("no-cure-no-pay", *_HARD),
    ),
    "proof": _lab(
        register=_set(),
        notice=_set('contract.verification="notice"'),
        silent=_set('contract.verification="notice"', "contract.notice_chance=0.4"),
        disputed=_set(*_DISPUTED),
        few_disputes=_set("contract.dispute_chance=0.3"),
    ),
    "window": _lab(
        eight_of_twelve=_design(
            "no-cure-no-pay", *_YEAR, f"{_JOB}.sustained_days=243",
            f'{_JOB}.completed_within="service"',
        )
    ),
    "no displacement": _lab(own=_set("labour_market.matching_elasticity=1")),
    "contracts": _lab(
        short=_set(
            "referral.weeks=13", "referral.volume=557", "contract.weeks=48", "run.weeks=160",
            "office.referral_team=4",
        ),
        long=_set("referral.weeks=104", "contract.weeks=139", "run.weeks=160"),
    ),
    "spring 2020": _lab(usual=_set(), shock=_set(_SPRING)),
    "sectors": _lab(
        all=_set(_SECTORS), one=_set(_SECTORS, 'referral.target.sectors=["short"]')
    ),
    "together": _lab(
        apart=_set(_ADVISOR),
        meetings=_set(_ADVISOR, "partnership.meetings_per_month=8"),
        back_office=_set(_ADVISOR, "partnership.back_office=true"),
        one_roof=_set(_ADVISOR, "partnership.shared_premises=true"),
    ),
    "needs": _lab(
        alone=_set(*_NEEDS), coordinated=_set(*_NEEDS, "partnership.coordinator_share=1")
    ),
    "tender": _lab(
        open=_set(*_OPEN),
        tradition=_set(*_OPEN, "procurement.past_rounds=8"),
        price=_set(
            *_OPEN, "procurement.price_weight=0.9", "procurement.quality_weight=0.1",
            "procurement.past_rounds=3",
        ),
        useful_bar=_set(*_OPEN, "procurement.coach_bar=0.4"),
        high_bar=_set(*_OPEN, "procurement.coach_bar=0.9"),
        challenge=_set(
            'procurement.procedure="challenge"', "procurement.incumbents=false",
            "procurement.winners=1",
        ),
    ),
    "two contracts": _lab(
        no_gap=_set(*_TWICE, "procurement.gap_weeks=0"),
        gap=_set(*_TWICE, "procurement.gap_weeks=26"),
    ),
    "firms": World(
        "yritysmagneetti-lappi",
        {
            "feedback": _set(),
            "fixed": _set('employers.payment="fixed"', "employers.eur_per_point=0",
                          "employers.eur_per_round=90"),
        },
        ("population.register=1000",),
    ),
}  # fmt: skip


def worlds() -> dict[str, World]:
    """Return every world by its name; a pilot's world has the pilot's id."""
    return {name: World(name) for name in shipped.ids()["pilots"]} | EXPERIMENTS
