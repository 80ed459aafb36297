"""What the office sees: bias, noise, gaps, and the distance that follows."""

from __future__ import annotations

import numpy as np
import pytest

from labsim.market.assessment import seen_score
from labsim.market.draws import Stream
from labsim.market.jobs import NEVER
from labsim.market.model import LabourMarket
from labsim.market.search import job_hazard
from tests.builders import ALL_START, FROM_WEEK_0, NO_EXITS, market, pair, scenario

EXACT = {
    "office": {
        "ability_bias": 0.0, "ability_noise_sd": 0.0, "motivation_bias": 0.0,
        "motivation_noise_sd": 0.0, "register_gap_share": 0.0, "assessment_noise_sd": 0.0,
    }
}  # fmt: skip
MANY = {"population": {"register": 20_000, "inflow_per_week": 0.0}, "run": {"weeks": 1}}
PEOPLE = np.arange(20_000)


def assessment(*layers):
    return LabourMarket(setup=scenario(MANY, *layers)).office.assessment


def test_seen_scores_by_hand():
    found = seen_score(
        np.array([5.0, 9.8, 1.0, 4.0]), np.array([1.0, 0.0, -2.0, 3.0]),
        np.array([False, False, False, True]), bias=0.7, noise_sd=1.3, mean=7.0,
    )  # fmt: skip
    # 5 + 0.7 + 1.3; 9.8 + 0.7 clipped; 1 + 0.7 - 2.6 clipped; a gap
    assert found == pytest.approx([7.0, 10.0, 0.0, 7.0])


def test_an_exact_office_sees_the_truth():
    found = assessment(EXACT)
    assert np.array_equal(found.ability(PEOPLE), found.market.people.ability)
    assert np.array_equal(found.motivation(PEOPLE), found.market.people.motivation)


@pytest.mark.parametrize("score", ["ability", "motivation"])
def test_the_size_of_bias_and_noise(score):
    middle = {"population": {f"{score}_mean": 5.0, f"{score}_sd": 0.3}}
    error = {f"{score}_bias": 0.7, f"{score}_noise_sd": 0.8, "register_gap_share": 0.0}
    found = assessment(middle, {"office": error})
    errors = getattr(found, score)(PEOPLE) - getattr(found.market.people, score)
    assert errors.mean() == pytest.approx(0.7, abs=4.5 * 0.8 / np.sqrt(PEOPLE.size))
    assert errors.std() == pytest.approx(0.8, rel=0.03)


def test_a_gap_leaves_the_mean():
    found = assessment({"office": {"register_gap_share": 0.3}})
    gap = found.market.draws.uniform(Stream.REGISTER_GAP, 0, PEOPLE) < 0.3
    assert (found.ability(PEOPLE)[gap] == 7.0).all()
    assert (found.motivation(PEOPLE)[gap] == 7.5).all()
    assert (found.ability(PEOPLE)[~gap] != 7.0).all()
    blind = assessment({"office": {"register_gap_share": 1.0}})
    assert np.unique(blind.ability(PEOPLE)).tolist() == [7.0]


def test_who_has_a_gap_does_not_change_what_is_seen_of_others():
    few, many = (assessment({"office": {"register_gap_share": share}}) for share in (0.1, 0.4))
    seen = few.ability(PEOPLE), many.ability(PEOPLE)
    known = seen[1] != 7.0
    assert np.array_equal(seen[0][known], seen[1][known])


def test_an_exact_office_assesses_the_true_hazard():
    found = assessment(EXACT)
    market_, columns = found.market, found.market.columns
    true = job_hazard(
        market_.setup.labour_market, columns.log_base, columns.ability, columns.motivation,
        columns.months_out(PEOPLE, market_.week),
    )  # fmt: skip
    assert np.array_equal(found.log_hazard(PEOPLE), np.log(true))


def test_over_estimation_brings_people_nearer():
    plain, rosy = assessment(EXACT), assessment(EXACT, {"office": {"ability_bias": 1.0}})
    assert (rosy.log_hazard(PEOPLE) >= plain.log_hazard(PEOPLE)).all()
    assert (rosy.log_hazard(PEOPLE) > plain.log_hazard(PEOPLE)).mean() > 0.9


def test_thirds_and_the_limit_of_hold_back_are_cut_on_the_group_as_first_met():
    setup = scenario(NO_EXITS, FROM_WEEK_0, ALL_START, {"office": {"hold_back": 0.2}})
    model = market(setup)
    started = model.columns.service_start == 0
    share = np.bincount(model.columns.group[started], minlength=3) / started.sum()
    assert share == pytest.approx(np.full(3, 1 / 3), abs=0.01)
    assessed = model.columns.assessed_log_hazard[started]
    assert (assessed < model.office.assessment.held_back).mean() == pytest.approx(0.2, abs=0.01)


def test_nobody_is_held_back_without_a_share():
    model = market(scenario(FROM_WEEK_0))
    assert model.office.assessment.held_back == -np.inf


def test_a_group_of_nobody_is_cut_when_somebody_comes():
    target = {"referral": {"target": {"unemployed_months_max": 0.0}}}
    model = LabourMarket(setup=scenario({"referral": {"start_week": 0}}, target))
    model.office.assessment.learn_the_group(np.zeros(0, dtype=np.int64))
    assert model.office.assessment.limits.size == 0
    model.office.assessment.learn_the_group(np.arange(30))
    assert model.office.assessment.limits.size == 2


def test_the_picture_is_the_same_in_every_design_and_in_the_twin():
    found = pair(scenario({"coaching": {"ability_gain": 3.0}}))
    started = np.flatnonzero(found.run.columns.service_start < NEVER)
    assert (found.run.columns.ability[started] != found.twin.columns.ability[started]).any()
    for name in ("ability", "motivation"):
        seen = [getattr(each.office.assessment, name)(started) for each in (found.run, found.twin)]
        assert np.array_equal(*seen)
    assert np.array_equal(found.run.office.assessment.limits, found.twin.office.assessment.limits)


def test_true_thirds_do_not_hang_on_what_the_office_sees():
    exact, blurred = pair(scenario(EXACT)), pair(scenario())
    assert np.array_equal(exact.third, blurred.third)
