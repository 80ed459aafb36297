"""Bids, procedures and awards: closed forms, and statistics of many awards."""

from __future__ import annotations

from math import erf, exp, inf, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from labsim.market.draws import Draws
from labsim.market.procurement.award import award, reckoned
from labsim.market.procurement.bidders import bidder_names, bidders, view_of
from labsim.market.procurement.bids import Income, bid_factor, markup
from labsim.market.procurement.procedures import PROCEDURES, Offers
from labsim.scenario.sections.procurement import Procurement
from patterns.markets import BASE, OUTCOME
from patterns.trees import merged
from tests.builders import Scenario

DRAWN = {"procedure": "open", "incumbents": False, "bidders": 8}


def setup(*trees, **terms):
    tree = merged(BASE, OUTCOME)
    for layer in trees:
        tree = merged(tree, layer)
    return Scenario.model_validate(merged(tree, {"procurement": DRAWN | terms}))


def offers(asked, quality, *, final=None, needed=None, concept=None, admitted=None, ceiling=inf):
    n = len(asked)
    row = lambda values: np.array(asked if values is None else values, dtype=float)  # noqa: E731
    return Offers(
        asked=row(None),
        final=row(final),
        needed=row(needed),
        quality=np.array(quality, dtype=float),
        concept=row(concept if concept is not None else quality),
        idea=row(quality),
        admitted=np.ones(n, dtype=bool) if admitted is None else np.array(admitted),
        ceiling=ceiling,
    )


# Bids


def test_a_bid_for_outcomes_alone_is_the_formula_of_the_model():
    """Cost 1250*20/50 = 500 EUR; 1000 EUR for 30 % of starts, seen as 36 %."""
    price = 1_000.0
    asked = 0.10 / sqrt(4)
    factor = bid_factor(Income(0.0, price * 0.3), 1_250 * 20 / 50, 1.2, asked)
    assert factor * price == pytest.approx(1_250 * 20 / 50 * (1 + 0.10 / sqrt(4)) / (0.3 * 1.2))


def test_other_fees_are_taken_off_what_must_be_asked():
    brings = Income(sure=200.0, hoped=100.0, other_sure=50.0, other_hoped=100.0)
    # 400*1.1 = 440; the others bring 50 + 2*100 = 250; at list prices the bid brings 200 + 2*100.
    assert bid_factor(brings, 400.0, 2.0, 0.1) == pytest.approx((440 - 250) / 400)
    assert bid_factor(brings, 10.0, 2.0, 0.1) == 0.0
    assert bid_factor(Income(0.0, 0.0, 5.0, 5.0), 10.0, 1.0, 0.1) == 1.0


def test_rivals_and_a_tradition_of_low_prices_lower_the_markup():
    terms = Procurement(procedure="open")
    assert markup(terms, 1, 0) == pytest.approx(0.10)
    assert markup(terms, 4, 0) == pytest.approx(0.05)
    assert markup(terms, 4, 2) == pytest.approx(0.05 - 2 * 0.03 * 0.6)
    old = Procurement(procedure="open", past_rounds=40)
    assert markup(old, 4, 0) == old.least_markup < 0


def test_the_price_of_one_fee_is_bid_on():
    found = setup(bid_on="90 days")
    brings, _ = reckoned(found, found.providers[0])
    assert brings.hoped > 0 == brings.other_hoped


# Bidders


def test_the_same_firms_bid_in_every_design():
    draws = Draws(3, 1)
    one = bidders(setup(), draws)
    other = bidders(setup(procedure="framework", price_weight=0.1, quality_weight=0.9), draws)
    assert one == other
    fewer = bidders(setup(bidders=5), draws)
    assert fewer == one[:5]


def test_given_providers_bid_as_written():
    found = setup({"providers": [{"name": "A", "skill": 2.0}, {"name": "B"}]}, incumbents=True)
    field = bidders(found, Draws(1, 1))
    assert field[:2] == found.providers
    assert [each.name for each in field] == bidder_names(found)
    assert len({each.name for each in field}) == len(field) == 8


def test_dialogue_narrows_what_bidders_differ_by():
    draws, first = Draws(1, 1), setup().providers[0]
    views = {
        rounds: [
            np.log(view_of(each.optimism, first, setup().procurement))
            for each in bidders(setup(dialogue_rounds=rounds), draws)
        ]
        for rounds in (0, 2)
    }
    np.testing.assert_allclose(views[2], 0.7**2 * np.array(views[0]))


def test_the_bar_raises_skill_only_up_to_a_threshold():
    draws = Draws(1, 1)
    none, useful, full = (bidders(setup(coach_bar=bar), draws)[0] for bar in (0.0, 0.4, 1.0))
    assert useful.skill == pytest.approx(1.1 * none.skill)
    assert full.skill == useful.skill
    assert full.coach_week_eur == pytest.approx(1.15 * none.coach_week_eur)
    assert full.hiring_per_week == pytest.approx(0.2 * none.hiring_per_week)
    assert none.coach_week_eur < useful.coach_week_eur < full.coach_week_eur


def test_a_forced_consortium_is_worth_less_than_a_voluntary_one():
    draws = Draws(1, 1)
    alone = bidders(setup(), draws)
    free, forced = (
        bidders(setup(consortium_size=2, consortium_forced=how), draws) for how in (False, True)
    )
    assert len(free) == len(forced) == 4
    for number, (one, other) in enumerate(zip(free, forced, strict=True)):
        members = alone[2 * number : 2 * number + 2]
        assert one.skill == pytest.approx(0.97 * max(each.skill for each in members))
        assert other.skill == pytest.approx(0.85 * max(each.skill for each in members))
        mean = sqrt(members[0].planned_caseload * members[1].planned_caseload)
        assert one.planned_caseload == pytest.approx(mean)


# Procedures


@pytest.mark.parametrize(("weight", "winner"), [(0.6, 1), (0.9, 0)])
def test_two_bidders_by_hand(weight, winner):
    """At 0.6: 0.6 + 0.4*0.5 = 0.8 against 0.6*0.8 + 0.4 = 0.88; at 0.9: 0.95 against 0.82."""
    terms = Procurement(procedure="open", price_weight=weight, quality_weight=1 - weight)
    picked = PROCEDURES["open"].pick(offers([0.8, 1.0], [0.5, 1.0]), terms)
    assert picked.winners == (winner,)


def test_best_and_final_bids_decide():
    """The first round would go to 0; 2 is not on the short list, however low its final bid."""
    terms = Procurement(procedure="negotiated", price_weight=1.0, quality_weight=0.0, shortlist=2)
    picked = PROCEDURES["negotiated"].pick(
        offers([1.0, 1.1, 1.5], [1, 1, 1], final=[1.0, 0.9, 0.5]), terms
    )
    assert picked.winners == (1,)
    assert picked.factor[1] == 0.9


def test_bids_above_the_ceiling_are_not_admitted():
    terms = Procurement(procedure="framework", winners=3)
    picked = PROCEDURES["framework"].pick(offers([0.9, 1.2, 1.0], [1, 1, 1], ceiling=1.0), terms)
    assert picked.winners == (0, 2)
    assert not picked.failed
    failed = PROCEDURES["framework"].pick(offers([1.3, 1.2], [1, 1], ceiling=1.0), terms)
    assert failed.winners == (1,)
    assert failed.failed


def test_a_jury_picks_concepts_in_two_stages():
    terms = Procurement(procedure="challenge", shortlist=2, winners=1)
    found = offers([1, 1, 1], [0.9, 0.8, 0.1], concept=[0.3, 0.4, 5.0])
    picked = PROCEDURES["challenge"].pick(found, terms)
    assert picked.winners == (1,)
    assert (picked.factor == 1).all()


def test_vouchers_are_for_all_whom_the_price_pays():
    terms = Procurement(procedure="voucher")
    picked = PROCEDURES["voucher"].pick(
        offers([1, 1, 1], [1, 1, 1], needed=[0.9, 1.1, 0.5], ceiling=1.0), terms
    )
    assert picked.winners == (2, 0)
    assert (picked.factor == 1).all()


def test_an_alliance_keeps_its_share_of_the_fees():
    terms = Procurement(procedure="alliance", alliance_share=0.3)
    picked = PROCEDURES["alliance"].pick(offers([0.1, 1.0], [0.5, 1.0]), terms)
    assert picked.winners == (1,)
    assert (picked.factor == 0.7).all()


rows = st.integers(1, 9).flatmap(
    lambda n: st.tuples(
        *[st.lists(st.floats(0.0, 3), min_size=n, max_size=n) for _ in range(3)],
        st.lists(st.floats(0.05, 1), min_size=n, max_size=n),
        st.lists(st.booleans(), min_size=n, max_size=n),
    )
)


@pytest.mark.parametrize("name", sorted(PROCEDURES))
@settings(max_examples=40, deadline=None, derandomize=True)
@given(rows=rows, winners=st.none() | st.integers(1, 4), weight=st.floats(0, 1))
def test_contract_of_every_procedure(name, rows, winners, weight):
    asked, final, needed, quality, admitted = rows
    if name == "alliance":  # of one partner
        winners = None
    terms = Procurement(
        procedure=name, winners=winners, price_weight=weight, quality_weight=1 - weight
    )
    found = offers(
        asked, quality, final=final, needed=needed, admitted=admitted,
        ceiling=1.0 if PROCEDURES[name].fixed_price else 1.5,
    )  # fmt: skip
    picked = PROCEDURES[name].pick(found, terms)
    assert len(set(picked.winners)) == len(picked.winners)
    assert all(admitted[number] for number in picked.winners)
    assert bool(picked.winners) == any(admitted)
    most = PROCEDURES[name].number(terms)
    assert most is None or len(picked.winners) <= most
    assert (picked.factor >= 0).all()
    assert picked.factor.shape == (len(asked),)
    again = PROCEDURES[name].pick(found, terms)
    assert again.winners == picked.winners
    if picked.winners:  # better at everything, the first winner stays first
        first = picked.winners[0]
        better = list(quality)
        better[first] *= 1.5
        found = offers(
            asked, better, final=final, needed=needed, admitted=admitted,
            ceiling=1.0 if PROCEDURES[name].fixed_price else 1.5,
        )  # fmt: skip
        assert PROCEDURES[name].pick(found, terms).winners[0] == first


# Awards


def test_those_out_of_business_do_not_win():
    found, draws = setup(), Draws(1, 1)
    first = award(found, draws).winners[0]
    in_business = np.arange(8) != first
    assert award(found, draws, in_business=in_business).winners[0] != first
    assert award(found, draws, in_business=np.zeros(8, dtype=bool)).winners == ()


def test_lots_are_awarded_apart():
    lots = [{"name": str(n), "share": 0.25} for n in range(4)]
    found = setup(lots=lots, quality_noise_sd=0.5)
    several = [award(found, Draws(1, n)) for n in range(20)]
    assert all(len(each.lots) == 4 for each in several)
    assert any(len(each.winners) > 1 for each in several)


def _mean_of_the_most_optimistic(n: int, bias: float, sd: float) -> tuple[float, float]:
    """Return mean and SD of exp(bias + sd*Z), Z the greatest of n standard normal numbers."""

    def moment(power: int) -> float:
        def density(z: float) -> float:
            below = 0.5 * (1 + erf(z / sqrt(2)))
            return n * exp(-z * z / 2) / sqrt(2 * np.pi) * below ** (n - 1)

        return quad(lambda z: density(z) * exp(power * (bias + sd * z)), -9, 9)[0]

    mean = moment(1)
    return mean, sqrt(moment(2) - mean**2)


def test_if_only_the_price_counts_the_most_optimistic_wins():
    """Alike in all else, the winner is the greatest of eight; the tolerance is four SE."""
    found = setup(price_weight=1.0, quality_weight=0.0, cost_sd=0.0, caseload_sd=0.0, skill_sd=0.0)
    awards = [award(found, Draws(1, number)) for number in range(150)]
    promised = np.array([each.promised[each.winners[0]] / each.feasible for each in awards])
    mean, sd = _mean_of_the_most_optimistic(8, 0.10, 0.25)
    assert promised.mean() == pytest.approx(mean, abs=4 * sd / sqrt(150))


def test_winners_promise_too_much():
    """model.md: eight bidders, price weight 0.6: 1.46 times the truth, 61 clients that become 84.

    Of the Work Programme's bids (42 %) came 27 %: 1.56 times. Sign and size, not decimals.
    """
    found = setup()
    promised, planned = [], []
    for number in range(150):
        draws = Draws(2, number)
        field = bidders(found, draws)
        each = award(found, draws, field=field)
        promised.append(each.promised[each.winners[0]] / each.feasible)
        planned.append(field[each.winners[0]].planned_caseload)
    assert np.mean(promised) == pytest.approx(1.46, abs=0.12)
    assert np.mean(planned) == pytest.approx(61, abs=5)
    assert np.mean(np.array(promised) * planned) / 1.035 == pytest.approx(84, abs=8)
