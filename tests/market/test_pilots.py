"""What shipped pilots must reproduce, at a tenth of their size."""

from __future__ import annotations

import numpy as np
import pytest

from labsim.scenario import load
from tests.builders import changed, market

REPLICATIONS = 8
T_99 = 3.50
"""Of Student's distribution with 7 degrees of freedom, two-sided."""


@pytest.fixture(scope="module")
def tehostettu():
    """Runs of Tehostettu työnvälitys with a tenth of its people."""
    setup = load("tehostettu-tyonvalitys").scenario
    small = changed(
        setup,
        {
            "population": {"registered": setup.population.registered // 10},
            "referral": {"volume": setup.referral.volume // 10},
        },
    )
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
