"""Own business, light entrepreneurship and gig work: kinds of spells that contracts may count."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from labsim.market.draws import Draws
from labsim.market.jobs import GIG, LIGHT, NEVER, OWN, chance_to_last_as, draw_businesses
from labsim.market.outcomes import Terms, met_week
from labsim.market.states import State
from labsim.scenario.sections.fee import Fee
from labsim.scenario.sections.labour_market import Businesses
from tests.builders import ALIKE, ALL_START, fees, market, scenario

PEOPLE = np.arange(40_000)
KINDS = {"light_share": 0.3, "gig_share": 0.2}
ONLY_BUSINESS = {
    "labour_market": {
        "exit_shares": {
            "employment": 0.0001, "education": 0.0, "subsidised": 0.0,
            "entrepreneurship": 0.9999, "inactivity": 0.0,
        },
        "job_hazard_per_week": 0.0001,
        "businesses": KINDS,
    }
}  # fmt: skip


def fee(**keys):
    terms = {"name": "business", "on": "outcome", "eur": 100.0, "outcome": ["entrepreneurship"]}
    return terms | keys


def test_kinds_come_in_their_shares_and_hours_lie_in_their_limits():
    terms = scenario({"labour_market": {"businesses": KINDS}}).labour_market
    kind, hours = draw_businesses(terms, Draws(1, 0), 3, PEOPLE)
    for code, share in ((OWN, 0.5), (LIGHT, 0.3), (GIG, 0.2)):
        tolerance = 4 * np.sqrt(share * (1 - share) / PEOPLE.size)
        assert abs((kind == code).mean() - share) < tolerance
    assert (hours[kind == OWN] == 1).all()
    assert 0.3 <= hours[kind == LIGHT].min() < 0.31 < 0.99 < hours[kind == LIGHT].max() <= 1
    assert 0.1 <= hours[kind == GIG].min() < 0.11 < 0.59 < hours[kind == GIG].max() <= 0.6


def test_by_default_every_business_is_one_of_its_own_and_full_time():
    kind, hours = draw_businesses(scenario().labour_market, Draws(1, 0), 3, PEOPLE)
    assert not kind.any()
    assert (hours == 1).all()


@pytest.mark.parametrize(
    ("kinds", "least", "expected"),
    [
        ((OWN, LIGHT, GIG), 0.0, 0.5 * 0.995**9 + 0.3 * 0.98**9 + 0.2 * 0.8**9),
        ((OWN,), 0.0, 0.5 * 0.995**9),
        ((GIG,), 0.35, 0.2 * 0.8**9 * 0.5),
        ((LIGHT, GIG), 0.65, 0.3 * 0.98**9 * 0.5),
    ],
)
def test_chance_to_last_in_closed_form(kinds, least, expected):
    terms = scenario({"labour_market": {"businesses": KINDS}}).labour_market
    found = chance_to_last_as(terms, State.ENTREPRENEUR, 10, least, 1.0, kinds)
    assert found == pytest.approx(expected, rel=1e-12)


def test_spells_last_as_their_kind_does():
    model = market(scenario(ALIKE, ONLY_BUSINESS, {"population": {"register": 20_000}},
                            {"run": {"weeks": 20}, "referral": {"volume": 0}}))  # fmt: skip
    column = model.spells.column
    begin, end, kind = column("begin"), column("end"), column("job_kind")
    early = begin <= 5
    for code, chance in ((OWN, 0.005), (LIGHT, 0.02), (GIG, 0.2)):
        rows = early & (kind == code)
        lasted = (end[rows] - begin[rows] > 12).mean()
        expected = (1 - chance) ** 12
        tolerance = 4 * np.sqrt(expected * (1 - expected) / rows.sum())
        assert rows.sum() > 100
        assert abs(lasted - expected) < tolerance


def test_a_fee_counts_the_kinds_it_names():
    """The purchaser's claims are those of the ruler over the finished spells, kind by kind."""
    asked = [
        fee(name="any"), fee(name="own", business_kinds=["business"]),
        fee(name="new", business_kinds=["gig-work", "light-entrepreneurship"]),
        fee(name="half time", min_hours_share=0.5),
    ]  # fmt: skip
    model = market(scenario(ALIKE, ONLY_BUSINESS, ALL_START, fees(*asked)))
    who = {
        claim.price.name: set(np.flatnonzero(claim.met < NEVER)) for claim in model.purchaser.claims
    }
    assert who["own"]
    assert who["new"]
    assert who["own"] | who["new"] == who["any"]
    first = {int(person): int(kind) for person, kind, begin in zip(
        *(model.spells.column(name)[::-1] for name in ("person", "job_kind", "begin")), strict=True
    ) if begin >= model.columns.service_start[person]}  # fmt: skip
    for person in who["own"] - who["new"]:
        assert first[person] == OWN
    small = who["any"] - who["half time"]
    assert small
    assert not small & who["own"]


def test_kinds_by_hand():
    from labsim.market.outcomes import Windows
    from tests.market.test_outcomes import spells

    windows = Windows(np.array([10]), np.array([30]))
    gig = spells((12, 40, State.ENTREPRENEUR, 0.3, GIG))
    counted = {
        "all": fee(sustained_days=28),
        "own": fee(sustained_days=28, business_kinds=["business"]),
        "gig": fee(sustained_days=28, business_kinds=["gig-work"]),
        "hours": fee(sustained_days=28, min_hours_share=0.31),
    }
    weeks = {
        name: int(met_week(gig, windows, Terms.of(Fee.model_validate(each)))[0])
        for name, each in counted.items()
    }
    assert weeks == {"all": 15, "own": NEVER, "gig": 15, "hours": NEVER}


def test_education_and_subsidised_work_are_outcomes():
    """A contract that counts them claims exactly the spells of its clients that lasted."""
    asked = [
        fee(name="study", outcome=["education"], sustained_days=28),
        fee(name="subsidy", outcome=["subsidised"], sustained_days=28),
    ]
    model = market(scenario(ALL_START, fees(*asked), {"population": {"register": 2_000},
                            "referral": {"volume": 1_000}}))  # fmt: skip
    column = model.spells.column
    for claim, state in zip(
        model.purchaser.claims, (State.STUDYING, State.SUBSIDISED), strict=True
    ):
        met = np.flatnonzero(claim.met < NEVER)
        assert met.size > 10
        during = column("begin") >= model.columns.service_start[column("person")]
        assert set(met) <= set(column("person")[during & (column("state") == state)])
        assert (claim.paid[met] < NEVER).any()


@pytest.mark.parametrize(
    "wrong",
    [{"light_share": 0.6, "gig_share": 0.5}, {"gig_hours_min": 0.7}, {"light_hours_max": 0.2}],
)
def test_bad_kinds_are_refused(wrong):
    with pytest.raises(ValidationError):
        Businesses.model_validate(wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"outcome": ["employment"], "business_kinds": ["gig-work"]},
        {"business_kinds": []},
        {"business_kinds": ["hobby"]},
    ],
)
def test_bad_kinds_in_fees_are_refused(wrong):
    with pytest.raises(ValidationError):
        Fee.model_validate(fee(**wrong))
