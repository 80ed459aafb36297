"""What shipped pilots must reproduce, at a tenth of their size."""

from __future__ import annotations

import numpy as np
import pytest

from labsim.market.model import LabourMarket
from labsim.scenario import load
from tests.builders import changed, market

REPLICATIONS = 8
T_99 = 3.50
"""Of Student's distribution with 7 degrees of freedom, two-sided."""


def tenth(pilot: str, **changes):
    """Return a pilot with a tenth of its people."""
    setup = load(pilot).scenario
    people = {"registered": setup.population.registered // 10}
    return changed(
        setup,
        {
            "population": people | changes,
            "referral": {"volume": setup.referral.volume // 10},
        },
    )


@pytest.fixture(scope="module")
def tehostettu():
    """Runs of Tehostettu työnvälitys with a tenth of its people."""
    small = tenth("tehostettu-tyonvalitys")
    return [market(small, replication=number) for number in range(REPLICATIONS)]


def test_tehostettu_refers_all_it_is_to(tehostettu):
    """Over 13,000 were referred (REF-01): the office has the time, beside its other work."""
    assert [run.flows["referred"].sum() for run in tehostettu] == [1_300] * REPLICATIONS


def test_tehostettu_starts_8500_of_13000(tehostettu):
    """Within 5 % of REF-02 and REF-03, and sure of it: the whole interval lies in the band."""
    rates = np.array([run.flows["started"].sum() / 1_300 for run in tehostettu])
    error = T_99 * rates.std(ddof=1) / np.sqrt(REPLICATIONS)
    target = 8_500 / 13_000
    assert target * 0.95 < rates.mean() - error
    assert rates.mean() + error < target * 1.05


def test_focus_fills():
    """Referral has worked as agreed (REF-30)."""
    assert market(tenth("focus-tyopolut")).flows["referred"].sum() == 167


@pytest.mark.parametrize(("times", "most"), [(2, 40), (4, 0)])
def test_a_surge_of_arrivals_crowds_out_the_referrals_of_focus(times, most):
    """As in spring 2020, when lay-offs took the offices' time (REF-26)."""
    usual = float((LabourMarket(setup=tenth("focus-tyopolut")).people.entry_week == 0).sum())
    surge = tenth("focus-tyopolut", inflow_per_week=times * usual)
    assert market(surge).flows["referred"].sum() <= most
