"""What a planner is told of contracts that work otherwise than they read."""

from __future__ import annotations

import pytest

from labsim.cli.common import warnings_of
from labsim.scenario import load
from labsim.scenario.sections.procurement import READ_BY, Procurement
from tests.scenario.conftest import Write

UNIT = '[[contract.fees]]\nname = "u"\non = "unit"\nunit = "course"\neur = 100\n'
SHORT = "[contract]\nservice_weeks_max = 5\n[referral]\nweeks = 10\n"
FIRMS = (
    "[run]\nweeks = 200\n[contract]\nweeks = 30\ntracking_weeks = 0\n[referral]\nweeks = 10\n"
    "[employers]\nfirms = 20\nweeks = 10\n"
)
ON_TOP = (
    "[contract]\noutcome_share = 0.5\nexpected_spend_per_start_eur = 2000\n"
    'expected_outcome_rate = 0.3\n[[contract.fees]]\nname = "s"\non = "start"\neur = 1\n'
    '[[contract.fees]]\nname = "j"\non = "outcome"\noutcome = ["employment"]\neur = 1\n'
    '[employers]\nfirms = 20\n[[contract.fees]]\nname = "f"\non = "feedback"\neur = 1\n'
)

TOLD = [
    (SHORT + UNIT + "every_days = 28\ntimes = 2", None),
    (
        SHORT + UNIT + "every_days = 30\ntimes = 2",
        "contract.fees.u.times: the last unit would come in week 5 of a service that lasts 5 weeks",
    ),
    (SHORT + UNIT + "every_days = 30\ntimes = 9\nmax_per_client = 1", None),
    (FIRMS + "start_week = 25", None),
    (
        FIRMS + "start_week = 26",
        "employers.start_week: firms are served until week 35, and nothing is paid after week 34",
    ),
    (FIRMS + "start_week = 26\n[procurement]\nrounds = 2", None),
    ('[procurement]\nprocedure = "open"\nbidders = 5\nceiling = 0.5', None),
    (
        "[procurement]\nbidders = 5",
        'procurement.bidders: changes nothing: procurement.procedure is "direct", and this key is',
    ),
    (
        '[procurement]\nprocedure = "open"\nshortlist = 5',
        'shortlist: changes nothing: procurement.procedure is "open", and this key is for',
    ),
    (ON_TOP, None),
    (
        ON_TOP + 'instrument = "firms"',
        "contract.fees.f.instrument: is not rescaled: what it pays comes on top of",
    ),
]


@pytest.mark.parametrize(("text", "line"), TOLD)
def test_what_works_otherwise_is_told(write: Write, text: str, line: str | None) -> None:
    told = [str(found) for found in load(write(text)).warnings]
    signs = ("the last unit", "nothing is paid after", "is not rescaled", "changes nothing: pro")
    found = [each for each in told if any(sign in each for sign in signs)]
    assert len(found) == (line is not None), told
    assert line is None or line in found[0]


def test_every_key_that_a_procedure_leaves_out_is_a_key() -> None:
    assert set(READ_BY) <= set(Procurement.model_fields)


def test_a_guarantee_beyond_the_budget_is_told(write: Write) -> None:
    def told(budget: int) -> list[str]:
        fee = f"[contract]\nminimum_volume = 50\nbudget_eur = {budget}\n"
        fee += '[[contract.fees]]\nname = "s"\non = "start"\neur = 800\n'
        return [str(each) for each in warnings_of(load(write(fee))) if "if nobody" in str(each)]

    assert told(40_000) == []
    [line] = told(39_999)
    assert "mine.toml:2: warning: contract.minimum_volume: would cost 40,000 EUR if" in line
    assert "budget_eur is 39,999 EUR" in line
