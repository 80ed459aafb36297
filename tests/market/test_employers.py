"""Firms as clients: whom they choose, what they get, think and notify, and who pays for it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from labsim.market.employers import FEEDBACK, SERVICE, hours_for_a_firm
from labsim.market.jobs import NEVER
from labsim.market.model import LabourMarket
from labsim.scenario.sections.employers import Employers
from tests.builders import ALL_START, differences, market, pair, scenario

THREE = {"providers": [{"name": "A"}, {"name": "B"}, {"name": "C"}]}


def firms(**keys) -> dict:
    return {"employers": {"firms": 300, "weeks": 30} | keys}


# Rules


@given(st.floats(0, 5_000), st.floats(1, 200), st.floats(0.05, 3), st.integers(1, 13))
def test_hours_for_points_are_the_best_there_are(eur, hour, kappa, rounds):
    """No other hours within the limits leave more of the points' pay after their cost."""
    terms = Employers(
        payment="feedback", eur_per_point=max(eur, 0.01), saturation_hours_per_week=kappa,
        round_weeks=rounds, hours_min=0.1, hours_max=6.0,
    )  # fmt: skip
    chosen = hours_for_a_firm(terms, hour)
    assert 0.1 <= chosen <= 6.0

    def left(hours):
        points = terms.score_gain * -np.expm1(-hours / kappa)
        return terms.eur_per_point * points - rounds * hour * hours

    others = np.linspace(0.1, 6.0, 400)
    assert left(chosen) >= left(others).max() - 1e-6 * (1 + abs(left(chosen)))


def test_hours_by_payment_by_hand():
    assert hours_for_a_firm(Employers(hours_min=0.3), 60.0) == 0.3
    voucher = Employers(payment="voucher", eur_per_round=480.0, round_weeks=4)
    assert hours_for_a_firm(voucher, 60.0) == 2.0
    assert hours_for_a_firm(voucher, 10.0) == voucher.hours_max
    # 0.5 * ln(240 * 1 / (4 * 0.5 * 60)) = 0.5 * ln 2
    points = Employers(payment="feedback", eur_per_point=240.0, hours_min=0.0)
    assert hours_for_a_firm(points, 60.0) == pytest.approx(0.5 * np.log(2))


@pytest.mark.parametrize(
    "wrong",
    [
        {"payment": "feedback"},
        {"eur_per_point": 5.0},
        {"hours_min": 5.0, "hours_max": 1.0},
        {"score_from": 7.0},
        {"firms": -1},
    ],
)
def test_bad_services_to_firms_are_refused(wrong):
    with pytest.raises(ValidationError):
        Employers.model_validate(wrong)


# Nobody's life without effects; the same firms in every design


def test_without_effects_firms_change_nobody():
    found = pair(scenario(THREE, firms(vacancy_gain=5.0), {"coaching": {"effect_scale": 0.0}}))
    assert differences(found.run, found.twin) == []
    assert found.run.flows["firms_served"].max() == 300


def test_where_nobody_competes_vacancies_change_nobody():
    alone = {"labour_market": {"matching_elasticity": 1.0}}
    assert not differences(
        market(scenario(alone, firms(vacancy_gain=5.0))), market(scenario(alone))
    )


def test_firms_have_the_same_luck_in_every_design():
    """Another way to pay changes hours and answers, and neither who they are nor their taste."""
    one = market(scenario(THREE, firms(per_feedback_point=0.0)))
    other = market(scenario(THREE, firms(
        per_feedback_point=0.0, payment="feedback", eur_per_point=500.0
    )))  # fmt: skip
    for name in ("segment", "vacancies", "join_week", "provider"):
        assert np.array_equal(getattr(one.employers, name), getattr(other.employers, name))
    assert (other.employers.score >= one.employers.score).all()


# Choice: a multinomial logit among three


def test_firms_choose_by_a_multinomial_logit():
    """Yritysmagneetti: 300 companies choose among three providers."""
    setup = scenario(
        {"providers": [{"name": "A", "reputation": 5.0}, {"name": "B", "reputation": 7.0},
                       {"name": "C", "marketing": 10.0}]},
        firms(firms=9_000, per_reputation_point=0.3, per_marketing_point=0.05),
        {"run": {"weeks": 2}},
    )  # fmt: skip
    model = market(setup)
    worth = np.exp([1.5, 2.1, 1.5 + 0.5])
    expected = worth / worth.sum()
    shares = np.bincount(model.employers.provider, minlength=3) / 9_000
    assert (np.abs(shares - expected) < 4 * np.sqrt(expected * (1 - expected) / 9_000)).all()


def test_firms_that_join_later_go_where_others_were_content():
    """M-PRO-23: providers are compared during the service. The cheaper hour gives more for points.

    Provider A's hours cost a tenth of B's, so that it gives its firms more; feedback shows it.
    """
    terms = firms(
        firms=4_000, join_weeks=24, payment="feedback", eur_per_point=100.0, score_noise_sd=0.3,
        per_feedback_point=2.0, hours_min=0.0,
    )  # fmt: skip
    providers = {"providers": [{"name": "A", "coach_week_eur": 200.0}, {"name": "B",
                 "coach_week_eur": 2_000.0}]}  # fmt: skip
    found = market(scenario(providers, terms, {"run": {"weeks": 30}})).employers
    early, late = found.join_week < 4, found.join_week >= 8
    assert abs((found.provider[early] == 0).mean() - 0.5) < 4 * np.sqrt(0.25 / early.sum())
    assert (found.provider[late] == 0).mean() > 0.7
    feedback = found.feedback()
    assert feedback[0] > feedback[1]


# What it does


def test_known_vacancies_grow_by_the_closed_form():
    """One segment, firms of the same size: 1 + firms*v*gain*(1-exp(-e/k))*learnt / V."""
    setup = scenario(
        {"population": {"register": 5_000, "education": {"basic": 0.0, "secondary": 1.0,
                        "tertiary": 0.0}},
         "coaching": {"startup_loss": 0.0}, "run": {"weeks": 3}},
        firms(firms=50, vacancies_spread=0.0, vacancies_per_firm=3.0, vacancy_gain=0.4,
              hours_min=0.5),
    )  # fmt: skip
    model = market(setup)
    more = 50 * 3.0 * 0.4 * -np.expm1(-0.5 / 0.5)
    known = 0.43 * (model.people.entry_week <= 0).sum()
    factor = model.employers.vacancy_factor()
    assert factor.max() == pytest.approx(1 + more / known, rel=1e-12)
    assert np.count_nonzero(factor > 1) == 1
    assert model.flows["vacancies_notified"][2] == pytest.approx(more)
    np.testing.assert_allclose(model.vacancy_factor, factor)


def test_a_new_service_to_firms_does_less_than_planned():
    """OUT-18: realised activity is under plan at first, as time goes to starting points."""
    flows = market(scenario(firms())).flows["vacancies_notified"]
    assert 0 < flows[0] < flows[10] < flows[29]
    plan = market(scenario(firms(), {"coaching": {"startup_loss": 0.0}}))
    assert (flows[:30] < plan.flows["vacancies_notified"][:30]).all()


def test_only_the_segments_asked_for_have_firms():
    """ICT-rekry: one sector's firms ease one sector's market."""
    sectors = {"population": {"sectors": {"ict": 0.3, "other": 0.7}, "register": 600}}
    model = market(scenario(sectors, firms(sectors=["ict"], education=["tertiary"])))
    tertiary, ict = 2, 0
    assert set(model.employers.segment) == {tertiary * 2 + ict}


def test_more_vacancies_bring_more_jobs_and_jobs_filled():
    """More places for the same search: more people leave for jobs, in every week of luck."""
    base = ({"population": {"register": 3_000}, "referral": {"volume": 0}},)
    without = market(scenario(*base))
    with_firms = market(scenario(*base, firms(vacancy_gain=3.0, hours_min=2.0)))
    assert with_firms.flows["jobs_started"].sum() > without.flows["jobs_started"].sum()
    filled = with_firms.flows["vacancies_filled"]
    assert 0 < filled.sum() < with_firms.flows["jobs_started"].sum()


# Money


def test_who_serves_firms_only_lives_on_it():
    """Without a jobseeker, providers have money for the firms that they plan to serve."""
    nobody = {"referral": {"volume": 0}}
    model = market(scenario(THREE, nobody, firms(firms=60, eur_per_round=80.0)))
    assert all(provider.solvent for provider in model.providers)
    hour = 1_250 / 21
    assert model.providers[0].opening_cash == pytest.approx(26 * 20 * 0.2 * hour)


def test_firms_are_paid_for_to_the_cent():
    setup = scenario(
        THREE, ALL_START, firms(payment="feedback", eur_per_round=70.5, eur_per_point=120.0)
    )
    scores = []

    def watch(model: LabourMarket) -> None:
        if model.week < 30 and ((model.week + 1) % 4 == 0 or model.week == 29):
            scores.append(model.employers.score.copy())

    model = market(setup, observers=[watch])
    rounds = 30 // 4
    assert len(scores) == rounds + 1  # and half a round
    assert model.ledger.total(kind="fee", item=SERVICE) == 7_050 * 300 * rounds + 3_525 * 300
    points = np.maximum(np.array(scores) - 3.0, 0)
    cents = np.rint(points[:-1] * 12_000).sum() + np.rint(points[-1] * 6_000).sum()
    assert model.ledger.total(kind="fee", item=FEEDBACK) == int(cents)
    hours = model.employers.hours
    assert not hours.any()  # over by the end
    cost = model.ledger.total(kind="coach-pay", item=SERVICE)
    each = hours_for_a_firm(model.employers.terms, 1_250 / 21)
    assert abs(cost - 300 * 30 * each * 1_250 / 21 * 100) <= 3 * 30
    assert model.flows["fees_eur"].sum() * 100 == pytest.approx(model.ledger.total(kind="fee"))


def test_pay_for_points_brings_better_answers_than_pay_for_firms():
    """M-PRO-18: customer experience rises; jobs need not."""
    fixed = market(scenario(THREE, firms()))
    points = market(scenario(THREE, firms(payment="feedback", eur_per_point=500.0)))
    assert np.nanmean(points.employers.feedback()) > np.nanmean(fixed.employers.feedback()) + 0.2


def test_feedback_is_the_mean_of_the_last_answers():
    model = LabourMarket(setup=scenario(THREE, firms(firms=30)))
    assert np.isnan(model.employers.feedback()).all()
    for _ in range(8):
        model.step()
    employers = model.employers
    means = [employers.score[employers.provider == number].mean() for number in range(3)]
    np.testing.assert_allclose(employers.feedback(), means)


def test_a_new_provider_inherits_no_answer():
    """Firms that lose their provider are asked about the next one before it is paid for answers."""
    model = LabourMarket(setup=scenario(THREE, firms(firms=30)))
    for _ in range(4):
        model.step()
    assert not np.isnan(model.employers.score).any()
    left = model.employers.provider == 0
    assert left.any()
    model.providers[0].solvent = False
    model.step()
    assert (model.employers.provider[left] > 0).all()
    assert np.isnan(model.employers.score[left]).all()
    assert not np.isnan(model.employers.score[~left]).any()


LONG = {"contract": {"tracking_weeks": 60}}


def test_a_round_cut_short_by_the_run_is_paid_in_part():
    model = market(scenario(THREE, firms(weeks=90), {"run": {"weeks": 41}}, LONG))
    each = round(model.setup.employers.eur_per_round * 100)
    assert model.week == 40
    assert model.ledger.total(kind="fee", item=SERVICE) == 300 * (each * 10 + round(each / 4))


def test_a_budget_stops_what_firms_cost():
    setup = scenario(THREE, firms(), {"contract": {"budget_eur": 1_000.0}})
    assert market(setup).ledger.total(kind="fee") <= 100_000


def test_a_twin_serves_no_firms():
    twin = market(scenario(firms()), service=False)
    assert len(twin.employers) == 0
    assert twin.columns.service_start.min() == NEVER
