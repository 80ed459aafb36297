"""Claims: how outcomes are proved, what is disputed, and what it costs both sides."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labsim.market.claims import Claims, luck_of
from labsim.market.draws import Draws, Stream
from labsim.market.jobs import NEVER
from labsim.market.model import LabourMarket
from labsim.market.outcomes import Terms
from labsim.market.pricing import Price, price_list
from labsim.market.verification import VERIFICATIONS, chance_paid, lag_weeks
from labsim.measure.indicators import indicators
from labsim.measure.pair import Pair
from labsim.scenario.sections.contract import Contract
from labsim.scenario.sections.fee import Fee
from tests.builders import Tree, differences, fees, market, pair, scenario
from tests.market.test_purchaser import AT_WORK, N, by_week, paid

JOB: Tree = {"name": "j", "on": "outcome", "eur": 1_000.0, "outcome": ["employment"]}
NOTICE: Tree = {"verification": "notice", "verification_lag_weeks": 9, "notice_weeks": 3}
KINDS = sorted(VERIFICATIONS)
SHARE = st.sampled_from([0.0, 1.0]) | st.floats(0, 1)


def at_work(contract: Tree, *given_fees: Tree, **more: Tree) -> LabourMarket:
    """Thirty people at work from week 0, whose jobs last for ever."""
    return market(scenario(*AT_WORK, {"contract": contract}, fees(*(given_fees or (JOB,))), more))


@st.composite
def contracts(draw: st.DrawFn) -> Contract:
    return Contract(
        verification=draw(st.sampled_from(KINDS)),
        verification_lag_weeks=draw(st.integers(0, 20)),
        notice_chance=draw(SHARE), notice_weeks=draw(st.integers(0, 20)),
        sample_share=draw(SHARE), dispute_chance=draw(SHARE),
        dispute_weeks=draw(st.integers(1, 20)), dispute_lost_share=draw(SHARE),
    )  # fmt: skip


# Every kind of verification


def test_the_registry_has_every_kind_of_the_schema():
    choices = Contract.model_json_schema()["properties"]["verification"]["enum"]
    assert sorted(choices) == KINDS


@settings(deadline=None)
@given(contracts(), st.integers(0, 40), st.integers(0, 2**32))
def test_what_every_kind_promises(contract, n, seed):
    kind, draws = VERIFICATIONS[contract.verification], Draws(seed, 0)

    def luck(stream: Stream) -> np.ndarray:
        return draws.uniform(stream, 0, np.arange(n))

    proof, again = kind.prove(contract, luck, n), kind.prove(contract, luck, n)
    for name in ("weeks", "proved", "by_hand", "looked_at"):
        values = getattr(proof, name)
        assert values.shape == (n,)
        assert np.array_equal(values, getattr(again, name))
    assert (proof.weeks >= 0).all()
    assert (proof.weeks[proof.proved] <= lag_weeks(contract)).all()
    assert not (proof.by_hand & ~proof.looked_at).any()
    fee = Fee(name="f", on="outcome", outcome=["employment"], eur=100.0)
    assert 0 <= chance_paid(contract, fee) <= kind.paid_share(contract, fee) <= 1
    assert 0 <= kind.looked_at_share(contract) <= 1


@pytest.mark.parametrize(
    ("contract", "lower", "share"),
    [
        ({}, None, 1.0),
        ({"dispute_chance": 0.5, "dispute_lost_share": 0.2}, None, 0.9),
        ({"verification": "notice", "notice_chance": 0.6}, None, 0.6),
        ({"verification": "notice", "notice_chance": 0.6}, 190 / 750, 0.6 + 0.4 * 190 / 750),
        (
            {
                "verification": "notice", "notice_chance": 0.5, "dispute_chance": 0.5,
                "dispute_lost_share": 0.5,
            },
            0.5,
            0.75 * 0.75,
        ),
        ({"verification": "notice", "notice_chance": 0.0}, None, 0.0),
        (
            {
                "verification": "sample", "sample_share": 0.4, "dispute_chance": 0.5,
                "dispute_lost_share": 0.5,
            },
            None,
            0.9,
        ),
        (
            {
                "verification": "sample", "sample_share": 0.0, "dispute_chance": 1.0,
                "dispute_lost_share": 1.0,
            },
            None,
            1.0,
        ),
    ],
)  # fmt: skip
def test_the_believed_share_is_what_claims_bring(contract, lower, share):
    """By hand, and as the mean of 40,000 claims, within four standard errors."""
    terms = Contract(**contract)
    more = {} if lower is None else {"eur_unnotified": 750.0 * lower}
    fee = Fee(name="f", on="outcome", outcome=["employment"], eur=750.0, **more)
    assert chance_paid(terms, fee) == pytest.approx(share, abs=1e-12)
    n, draws = 40_000, Draws(5, 0)
    persons, nought = np.arange(n), np.zeros(n, dtype=np.int64)
    whose = SimpleNamespace(provider=nought, group=nought, contract=nought)
    amounts = np.array([75_000, 75_000]), np.rint([75_000 * (lower or 0)] * 2).astype(int)
    claims = Claims.of(Price(fee, *amounts, Terms.of(fee)), 1, n)
    claims.claim(persons, np.zeros(n, dtype=int), terms, draws)
    brought = np.zeros(n)
    for week in range(30):
        settled = claims.look(week, terms, draws, whose).settled
        assert not brought[settled].any()
        brought[settled] = claims.amount(settled, whose)
    error = brought.std() / 75_000 / np.sqrt(n)
    assert abs(brought.mean() / 75_000 - share) <= 4 * error + 1e-5


def test_a_fee_of_nothing_brings_nothing_to_divide_by():
    contract = Contract(verification="notice", notice_chance=0.25)
    fee = Fee(name="f", on="outcome", outcome=["employment"], eur=0.0, eur_unnotified=0.0)
    assert chance_paid(contract, fee) == 0.25


@pytest.mark.parametrize(
    ("contract", "lag"),
    [
        ({}, 7),
        ({"verification": "notice", "notice_weeks": 3}, 0),
        ({"verification": "sample", "sample_share": 0.3}, 7),
        ({"verification": "sample", "sample_share": 0.0}, 0),
    ],
)
def test_lag_that_a_provider_plans_with(contract, lag):
    assert lag_weeks(Contract(verification_lag_weeks=7, **contract)) == lag


# Known cases


def same_payments(one: LabourMarket, other: LabourMarket) -> bool:
    parts = [
        [getattr(claim, name).tolist() for name in ("met", "disputed", "paid", "cents")]
        for model in (one, other)
        for claim in model.purchaser.claims
    ]
    half = len(parts) // 2
    return parts[:half] == parts[half:]


WORKING: Tree = {
    "labour_market": {"job_hazard_per_week": 0.2},
    "contract": {"verification_lag_weeks": 5, "dispute_chance": 0.4, "dispute_lost_share": 0.3},
    "office": {"minutes_per_check": 0.0, "provider_minutes_per_check": 0.0},
}
LADDER = fees(JOB, JOB | {"name": "k", "sustained_days": 60, "by_group": {"near": 0.0,
              "middle": 1.0, "far": 2.0}})  # fmt: skip


def test_a_sample_of_all_is_the_register():
    register = market(scenario(WORKING, LADDER))
    sample = {"contract": {"verification": "sample", "sample_share": 1.0}}
    all_checked = market(scenario(WORKING, LADDER, sample))
    assert sum((claim.disputed < NEVER).sum() for claim in register.purchaser.claims) > 10
    assert same_payments(register, all_checked)
    assert register.ledger.rows() == all_checked.ledger.rows()


@pytest.mark.parametrize(
    "contract",
    [
        {"verification": "sample", "sample_share": 0.0},
        {"verification": "notice", "notice_chance": 1.0, "dispute_chance": 0.0},
    ],
)
def test_a_sample_of_none_and_certain_notice_are_a_register_without_lag_and_disputes(contract):
    at_once = {"contract": {"verification_lag_weeks": 0, "dispute_chance": 0.0}}
    register = market(scenario(WORKING, LADDER, at_once))
    other = market(scenario(WORKING, LADDER, at_once, {"contract": contract}))
    assert register.purchaser.claims[1].cents.any()
    assert same_payments(register, other)
    assert register.ledger.rows() == other.ledger.rows()


# Notice


def test_without_notice_the_lower_fee_is_paid_after_the_wait():
    fee = JOB | {"eur": 750.0, "eur_unnotified": 190.0}
    model = at_work(NOTICE | {"notice_chance": 0.0}, fee)
    assert by_week(model, "j") == {3: N * 19_000}
    certain = at_work(NOTICE | {"notice_chance": 1.0}, fee)
    assert by_week(certain, "j") == {0: N * 75_000}


def test_without_notice_and_lower_fee_nothing_is_paid():
    model = at_work(NOTICE | {"notice_chance": 0.0})
    assert by_week(model, "j") == {}
    # The provider has claimed all the same, and the purchaser looked for the notices.
    assert model.ledger.total(payer="purchaser", item="claims") == N * 1_000
    assert model.ledger.total(payer="purchaser", item="checks") == N * 2_000


def test_notice_is_the_luck_of_a_person_and_fee():
    two = (JOB | {"eur_unnotified": 100.0}, JOB | {"name": "k", "sustained_days": 14})
    model = at_work(NOTICE | {"notice_chance": 0.5}, *two)
    for name, claim in zip("jk", model.purchaser.claims, strict=True):
        luck = model.draws.uniform(Stream.NOTICE, luck_of(name, 0), np.arange(N))
        assert np.array_equal(claim.proved, luck < 0.5)
    first, second = (claim.proved for claim in model.purchaser.claims)
    assert 0 < first.sum() < N
    assert (first != second).any()
    some = int(first.sum())
    assert by_week(model, "j") == {0: some * 100_000, 3: (N - some) * 10_000}


def test_the_lower_fee_goes_by_group_and_is_rescaled():
    groups = [{"name": "young", "when": {"age_max": 34}}]
    fee = JOB | {"eur_unnotified": 400.0, "by_group": {"young": 0.25}}
    model = at_work(NOTICE | {"notice_chance": 0.0, "groups": groups}, fee)
    young = int((model.columns.age <= 34).sum())
    assert paid(model, "j") == 10_000 * young + 40_000 * (N - young)
    terms = {
        "outcome_share": 1.0, "expected_spend_per_start_eur": 900.0, "expected_outcome_rate": 0.5
    }  # fmt: skip
    setup = scenario({"contract": NOTICE | terms | {"groups": groups}}, fees(fee))
    [price] = price_list(setup)
    # 900 / 0.5 EUR for an outcome at the mean factor, 0.25; without a group the factor is 1.
    assert price.cents.tolist() == [180_000, 720_000]
    assert price.unnotified.tolist() == [72_000, 288_000]


def test_the_register_pays_more_of_what_is_true_at_less_cost():
    """ADM-05: from notice to register, the paid share rises and the cost of claims falls."""
    found = {}
    for kind in ("notice", "register"):
        model = market(scenario(WORKING | {"office": {}}, fees(JOB),
                                {"contract": {"verification": kind}}))  # fmt: skip
        [claim] = model.purchaser.claims
        items = ("claims", "checks", "disputes")
        cost = sum(model.ledger.total(kind="admin", item=item) for item in items)
        found[kind] = (claim.paid < NEVER).sum() / (claim.met < NEVER).sum(), cost
    assert found["register"][0] > found["notice"][0] + 0.1
    assert found["register"][1] < found["notice"][1]


# Samples


def test_a_sample_waits_and_takes_time_and_the_others_are_paid_at_once():
    model = at_work({"verification": "sample", "sample_share": 0.4, "verification_lag_weeks": 6})
    checked = int((model.draws.uniform(Stream.SAMPLE, luck_of("j", 0), np.arange(N)) < 0.4).sum())
    assert 0 < checked < N
    assert by_week(model, "j") == {0: (N - checked) * 100_000, 6: checked * 100_000}
    # 15 minutes for every claim and 30 for a check, at 40 EUR an hour; the provider 20 and 30.
    assert model.ledger.total(payer="purchaser", item="claims") == N * 1_000
    assert model.ledger.total(payer="purchaser", item="checks") == checked * 2_000
    assert model.ledger.total(payer="provider", item="checks") == checked * 2_000


# Disputes


DISPUTED: Tree = {
    "verification_lag_weeks": 4, "dispute_chance": 1.0, "dispute_weeks": 5,
    "dispute_lost_share": 0.0,
}  # fmt: skip


def test_a_disputed_claim_comes_back_and_is_paid():
    model = at_work(DISPUTED)
    assert by_week(model, "j") == {9: N * 100_000}
    assert (model.purchaser.claims[0].disputed == 4).all()
    # An hour of each side at 40 EUR.
    assert model.ledger.total(payer="purchaser", item="disputes") == N * 4_000
    assert model.ledger.total(payer="provider", item="disputes") == N * 4_000


@pytest.mark.parametrize(("last", "is_paid"), [(9, True), (8, False)])
def test_a_disputed_claim_must_come_back_before_the_last_payments(last, is_paid):
    model = at_work(DISPUTED | {"last_payable_week": last})
    assert bool(by_week(model, "j")) is is_paid
    found = indicators(Pair(model, market(model.setup, service=False)))
    assert found["outcomes_disputed"] == found["outcomes_unverified"] == (0 if is_paid else N)


def test_some_disputes_are_lost():
    model = at_work(DISPUTED | {"dispute_lost_share": 0.5})
    lost = int(
        (model.draws.uniform(Stream.DISPUTE_LOST, luck_of("j", 0), np.arange(N)) < 0.5).sum()
    )
    assert 0 < lost < N
    assert paid(model, "j") == (N - lost) * 100_000
    assert paid(at_work(DISPUTED | {"dispute_lost_share": 1.0}), "j") == 0


def test_no_dispute_is_noticed_after_the_last_payments():
    model = at_work(DISPUTED | {"last_payable_week": 3})
    assert (model.purchaser.claims[0].disputed == NEVER).all()
    assert model.ledger.total(item="disputes") == 0
    found = indicators(Pair(model, market(model.setup, service=False)))
    assert (found["outcomes_disputed"], found["outcomes_proof_late"]) == (0, N)


def test_disputes_and_hours_of_the_week():
    """What the office is told: disputes by provider, and hours of the purchaser's staff."""
    seen = {}

    def watch(model: LabourMarket) -> None:
        purchaser = model.purchaser
        seen[model.week] = purchaser.disputes.tolist(), purchaser.claim_hours

    two = {"providers": [{"name": "A"}, {"name": "B"}], "referral": {"provider_choice": "rotation"}}
    market(scenario(*AT_WORK, {"contract": DISPUTED}, fees(JOB), two), observers=[watch])
    nothing = [0, 0], 0.0
    assert seen.pop(0) == ([0, 0], N * 15 / 60)
    assert seen.pop(4) == ([N // 2, N // 2], N * 60 / 60)
    assert all(week == nothing for week in seen.values())


def test_disputes_of_several_fees_add_up():
    seen = {}

    def watch(model: LabourMarket) -> None:
        seen[model.week] = model.purchaser.disputes.tolist(), model.purchaser.claim_hours

    two = fees(JOB, JOB | {"name": "k"})
    market(scenario(*AT_WORK, {"contract": DISPUTED}, two), observers=[watch])
    assert seen[4] == ([2 * N], 2.0 * N)


def test_claim_hours_are_what_the_ledger_books():
    hours = []

    def watch(model: LabourMarket) -> None:
        hours.append(model.purchaser.claim_hours)

    setup = scenario(WORKING | {"office": {}}, LADDER, {"contract": {"verification": "sample"}})
    model = market(setup, observers=[watch])
    items = ("claims", "checks", "disputes")
    booked = sum(model.ledger.total(payer="purchaser", item=item) for item in items)
    assert booked > 0
    assert sum(hours) * 40 * 100 == pytest.approx(booked)


def test_each_milestone_is_disputed_and_paid_once():
    steps = [JOB | {"name": name, "sustained_days": days} for name, days in (("a", 0), ("b", 28))]
    model = at_work(DISPUTED, *steps)
    assert by_week(model, "a") == {9: N * 100_000}
    assert by_week(model, "b") == {12: N * 100_000}


# Fees of nothing


@pytest.mark.parametrize("kind", KINDS)
def test_what_nothing_is_paid_for_is_counted_and_not_claimed(kind):
    terms = DISPUTED | {"verification": kind, "notice_chance": 1.0, "sample_share": 1.0}
    model = at_work(terms, JOB | {"eur": 0.0})
    [claim] = model.purchaser.claims
    assert (claim.paid < NEVER).all()
    assert (claim.disputed == NEVER).all()
    assert model.ledger.total(kind="fee") == 0
    assert all(model.ledger.total(item=item) == 0 for item in ("claims", "checks", "disputes"))


def test_what_nobody_hears_of_is_not_counted_even_at_a_fee_of_nothing():
    model = at_work(NOTICE | {"notice_chance": 0.0}, JOB | {"eur": 0.0, "eur_unnotified": 0.0})
    found = indicators(Pair(model, market(model.setup, service=False)))
    assert (found["outcomes_paid"], found["outcomes_unnotified"]) == (0, N)


# People's lives


@pytest.mark.parametrize("kind", KINDS)
def test_proof_changes_nobody_who_is_not_coached(kind):
    """At effect_scale 0 every way of proving outcomes leaves the twin's lives, bit for bit."""
    off = {"coaching": {"effect_scale": 0.0}}
    found = pair(scenario(WORKING, LADDER, off, {"contract": {"verification": kind}}))
    assert found.met.sum() > 20
    assert differences(found.run, found.twin) == []


def test_a_fee_has_the_same_luck_in_every_contract_that_has_it():
    """Other fees before it, or after it, change nobody's notice, sample or dispute."""
    other = JOB | {"name": "o", "outcome": ["education"]}
    terms = NOTICE | {"notice_chance": 0.5, "dispute_chance": 0.5}
    alone, last = (
        next(claim for claim in at_work(terms, *given_fees).purchaser.claims if claim.stage == 0
             and claim.price.name == "j")
        for given_fees in ((JOB,), (other, JOB))
    )  # fmt: skip
    assert 0 < alone.proved.sum() < N
    np.testing.assert_array_equal(alone.proved, last.proved)
    np.testing.assert_array_equal(alone.disputed, last.disputed)
    np.testing.assert_array_equal(alone.cents, last.cents)
