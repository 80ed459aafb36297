"""The office in a market: who fills a pilot, whom officers hold back, and degenerate cases."""

from __future__ import annotations

import numpy as np
import pytest

from labsim.market.model import LabourMarket
from labsim.market.regimes import REGIMES
from labsim.measure.indicators import indicators
from tests.builders import differences, market, pair, scenario

YEAR = {
    "run": {"weeks": 56},
    "population": {"register": 2_000},
    "office": {"caseworkers": None, "referral_team": 3.0},
    "referral": {
        "volume": 156,
        "start_week": 0,
        "weeks": 52,
        "target": {"unemployed_months_min": 2.0, "unemployed_months_max": 12.0},
    },
    "contract": {
        "start_week": 0, "weeks": 56, "service_weeks_max": 20,
        "fees": [{"name": "month", "on": "month", "eur": 200.0}],
    },
}  # fmt: skip
"""A year of referral, 3 a week, from an office with the usual time: Focus at a tenth."""
REPLICATIONS = 12


def referred(regime: str, replication: int, **office) -> np.ndarray:
    """Return the share of the year's volume that has been referred by the end of each week."""
    setup = scenario(YEAR, {"referral": {"regime": regime}, "office": office})
    model = market(setup, replication=replication)
    return np.cumsum(model.flows["referred"]) / setup.referral.volume


@pytest.fixture(scope="module")
def fill():
    """Fill by regime, (replications, weeks)."""
    return {
        regime: np.array([referred(regime, number) for number in range(REPLICATIONS)])
        for regime in ("central", "advisor", "bulk")
    }


def least(differences_: np.ndarray) -> float:
    """Return the lower end of a 99.9 % interval of a mean over replications (t, 11 df: 4.44)."""
    return float(differences_.mean() - 4.44 * differences_.std(ddof=1) / np.sqrt(REPLICATIONS))


class TestPattern7:
    """Centralised, systematic referral fills a pilot; advisers starve it at first (REF-21)."""

    def test_central_referral_is_on_schedule_all_the_time(self, fill):
        schedule = np.floor(156 * np.arange(1, 53) / 52) / 156
        assert np.array_equal(fill["central"][:, :52], np.tile(schedule, (REPLICATIONS, 1)))

    @pytest.mark.parametrize(("weeks", "missing"), [(4, 0.5), (8, 0.2), (13, 0.0)])
    def test_advisers_starve_it_at_first(self, fill, weeks, missing):
        short = (fill["central"] - fill["advisor"])[:, weeks - 1] / (weeks / 52)
        assert least(short) > missing  # of what should have been referred by then

    def test_they_catch_up_when_they_know_it(self, fill):
        rates = fill["advisor"][:, 51] - fill["advisor"][:, 25]
        assert rates.mean() > 0.9 * 0.5
        assert fill["advisor"][:, 51].mean() > 0.85

    def test_a_service_that_they_know_is_not_starved(self, fill):
        known = np.array(
            [
                referred("advisor", number, knowledge_at_start=1.0, trust_at_start=1.0)
                for number in range(REPLICATIONS)
            ]
        )
        gain = (known - fill["advisor"])[:, 12]
        assert least(gain) > 0.02

    def test_letters_fill_it_at_once(self, fill):
        assert (fill["bulk"][:, 3] > 4 * fill["central"][:, 3]).all()


def test_a_gap_of_trust_starves_it_too():
    trusted, distrusted = (
        referred("advisor", 0, trust_at_start=trust, trust_gain_per_week=0.0)[12]
        for trust in (1.0, 0.1)
    )
    assert distrusted < trusted / 2


@pytest.mark.parametrize("knowledge", [0.0, 1.0])
def test_knowledge_at_its_ends(knowledge):
    office = {"knowledge_at_start": knowledge, "learning_per_week": 0.0}
    found = referred("advisor", 0, **office)[-1]
    assert (found > 0.5) == bool(knowledge)


def test_hold_back_shows_at_the_officers_door():
    """Paired over replications; the officers hold back by what they see, the door shows truth."""
    doors = []
    for hold_back in (0.0, 0.4):
        tree = {"referral": {"regime": "advisor"}, "office": {"hold_back": hold_back}}
        setup = scenario(YEAR, tree)
        doors.append([indicators(pair(setup, n))["selection_officer"] for n in range(8)])
    assert least(np.array(doors[1]) - np.array(doors[0])) > 0


def test_central_referral_does_not_select():
    setup = scenario(YEAR, {"office": {"hold_back": 0.4}})
    doors = np.array([indicators(pair(setup, number))["selection_officer"] for number in range(8)])
    assert abs(doors.mean()) < 5.4 * doors.std(ddof=1) / np.sqrt(8)


def test_profiling_selects_the_far_or_the_near():
    doors = [
        indicators(
            pair(scenario(YEAR, {"referral": {"regime": "profiling", "profiling_first": first}}))
        )["selection_officer"]
        for first in ("far", "near")
    ]
    assert doors[0] < -0.3 < 0.3 < doors[1]


def test_disputes_cost_a_provider_clients_where_officers_choose():
    providers = {"providers": [{"name": "A"}, {"name": "B"}]}
    shares = []
    for disputed in (0, 50):
        tree = {"referral": {"provider_choice": "office"}, "office": {"trust_loss_per_week": 0.3}}
        model = LabourMarket(setup=scenario(YEAR, providers, tree))
        while model.running:
            model.step()
            model.purchaser.disputes = np.array([disputed, 0])
        shares.append((model.columns.provider == 0).sum() / model.flows["started"].sum())
    assert shares[0] == pytest.approx(0.5, abs=0.2)
    assert shares[1] < 0.3


# Degenerate cases


HEARD_OF = {"marketing": {"inquiries_per_month": 1.0}}


@pytest.mark.parametrize("regime", sorted(REGIMES))
class TestNobody:
    """No target group, and nobody left of it."""

    def test_an_empty_target_group(self, regime):
        nobody = {"unemployed_months_min": 500.0}
        setup = scenario({"referral": {"regime": regime, "target": nobody}})
        run = market(setup)
        assert run.flows["referred"].sum() == 0
        assert not run.columns.ever_eligible.any()
        assert differences(run, market(setup, service=False)) == []
        assert np.isnan(indicators(pair(setup))["start_rate"])

    def test_a_group_that_is_used_up(self, regime):
        tree = {
            "population": {"register": 20, "inflow_per_week": 0.0},
            "referral": {"regime": regime, "volume": 10_000, "drawn_share": 0.999, **HEARD_OF},
            "providers": [{"name": "provider", "marketing": 10.0}],
            "office": {"knowledge_at_start": 1.0, "advice_share": 1.0, "trust_at_start": 1.0},
        }
        model = market(scenario(tree))
        assert 0 < model.flows["referred"].sum() <= len(model.columns)

    def test_nobody_at_all_may_come(self, regime):
        model = market(scenario({"referral": {"regime": regime, "volume": 0}}))
        assert model.flows["referred"].sum() == 0

    def test_without_effects_it_equals_its_twin(self, regime):
        tree = {
            "coaching": {"effect_scale": 0.0},
            "referral": {"regime": regime, "target": {"work_ability_min": 5.0}, **HEARD_OF},
            "providers": [{"name": "provider", "marketing": 10.0}],
            "office": {"hold_back": 0.2, "knowledge_at_start": 1.0, "advice_share": 1.0},
        }
        setup = scenario(tree)
        run = market(setup)
        assert run.flows["started"].sum() > 0
        assert differences(run, market(setup, service=False)) == []


def test_assessment_and_eligibility_are_fixed_in_the_twin_too():
    found = pair(scenario({"coaching": {"effect_scale": 0.0}}))
    one, other = found.run, found.twin
    assert np.array_equal(one.office.assessment.limits, other.office.assessment.limits)
    assert one.reference_hazard == other.reference_hazard
    # The twin never takes anybody off the list, so its group can only be larger.
    assert not (one.columns.ever_eligible & ~other.columns.ever_eligible).any()


def test_an_office_before_its_first_week():
    model = LabourMarket(setup=scenario())
    assert model.office.assessment.limits.size == 0
    assert model.office.knowledge == 0.0
