"""Learning a service, and trusting its providers: closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labsim.market.model import LabourMarket
from labsim.market.trust import knowledge_next, trust_next
from labsim.scenario.sections.office import Office
from tests.builders import market, scenario

TERMS = Office()
share = st.floats(0, 1)


def after(weeks, start, running):
    for _ in range(weeks):
        start = knowledge_next(TERMS, start, running)
    return start


def test_learning_in_closed_form():
    assert after(13, 0.2, running=True) == pytest.approx(1 - 0.8 * 0.9**13)
    assert after(13, 0.8, running=False) == pytest.approx(0.8 * 0.97**13)


@pytest.mark.parametrize("weeks", [1, 30])
def test_full_and_no_knowledge_stay(weeks):
    assert after(weeks, 1.0, running=True) == 1.0
    assert after(weeks, 0.0, running=False) == 0.0


def follow(weeks, trust, contacts, disputes):
    trust = np.array([trust])
    for _ in range(weeks):
        trust = trust_next(TERMS, trust, np.array([contacts]), np.array([disputes]))
    return float(trust[0])


def test_trust_in_closed_form():
    # A week with disputed share s takes trust to its resting point at the rate g(1-s) + d*s.
    gain, loss, s = 0.04 * 0.75, 0.08 * 0.25, 0.25
    assert s == 1 / (3 + 1)
    rest = gain / (gain + loss)
    expected = rest + (0.5 - rest) * (1 - gain - loss) ** 26
    assert follow(26, 0.5, contacts=3, disputes=1) == pytest.approx(expected)


def test_a_year_of_undisputed_contact_gives_nine_tenths():
    assert follow(52, 0.0, contacts=1, disputes=0) == pytest.approx(0.88, abs=0.01)


def test_trust_stays_without_contact():
    assert follow(40, 0.3, 0, 0) == 0.3


@given(share, st.integers(0, 10**6), st.integers(0, 10**6), share, share)
def test_trust_stays_between_0_and_1(trust, contacts, disputes, gain, loss):
    terms = Office(trust_gain_per_week=gain, trust_loss_per_week=loss)
    found = trust_next(terms, np.array([trust]), np.array([contacts]), np.array([disputes]))[0]
    assert -1e-15 <= found <= 1 + 1e-15


@given(share, st.integers(1, 500), st.integers(0, 500), st.integers(1, 500))
def test_contact_raises_trust_and_disputes_lower_it(trust, contacts, disputes, more):
    def one(contacts, disputes):
        return trust_next(TERMS, np.array([trust]), np.array([contacts]), np.array([disputes]))[0]

    assert one(contacts, 0) >= trust
    assert one(0, contacts) <= trust
    assert one(contacts, disputes + more) <= one(contacts, disputes) + 1e-12


def test_the_size_of_a_contract_does_not_matter():
    assert follow(5, 0.4, 3, 1) == pytest.approx(follow(5, 0.4, 300, 100))


# In a market


def test_the_office_learns_while_the_service_runs_and_forgets_before_and_after():
    setup = scenario(
        {
            "office": {"knowledge_at_start": 0.6},
            "referral": {"start_week": 4, "weeks": 5},
            "contract": {"start_week": 5, "weeks": 10},
        }
    )
    model, known = LabourMarket(setup=setup), []
    while model.running:
        model.step()
        known.append(model.office.knowledge)
    first = 0.6 * 0.97**4
    learnt = 1 - (1 - first) * 0.9**11  # weeks 4 to 14
    assert known[3] == pytest.approx(first)
    assert known[14] == pytest.approx(learnt)
    assert known[-1] == pytest.approx(learnt * 0.97**25)


def test_trust_grows_with_starts_and_falls_with_disputes():
    def run(disputes):
        model = LabourMarket(setup=scenario())
        while model.running:
            model.step()
            model.purchaser.disputes = np.array([disputes])
        return float(model.office.trust[0])

    assert run(0) > 0.5 > run(50)


def test_the_twin_learns_nothing():
    model = market(scenario(), service=False)
    assert (model.office.knowledge, float(model.office.trust[0])) == (0.0, 0.5)
