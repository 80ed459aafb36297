"""Benefits by hand, at the days on which rules change."""

from __future__ import annotations

import numpy as np
import pytest

from labsim.market.benefits import (
    BASIC_ALLOWANCE,
    DAYS_PER_WEEK,
    EARNINGS_RELATED,
    LABOUR_MARKET_SUPPORT,
    PAYERS,
    BenefitRoll,
    benefit_tables,
    clock_runs,
    weekly_benefits,
)
from labsim.market.model import LabourMarket
from labsim.market.sanctions import is_paid
from labsim.market.states import State
from tests.builders import (
    ALIKE,
    JOBS_FOR_EVER,
    NO_EXITS,
    ONLY_JOBS,
    WORK_AT_ONCE,
    market,
    scenario,
)

BASIC = 18_605  # 37.21 EUR x 5 days
SCHEMES_AT_ENTRY = {
    "earnings_related": EARNINGS_RELATED,
    "labour_market_support": LABOUR_MARKET_SUPPORT,
}
SCHEMES = {"ER": EARNINGS_RELATED, "BA": BASIC_ALLOWANCE, "LMS": LABOUR_MARKET_SUPPORT}


def week(rules, scheme, days, clock):
    """Return the cents of one person's week: state, municipality, funds."""
    tables = benefit_tables(scenario({"finance": {"rules": rules}}).finance)
    ids = (np.array([value]) for value in (SCHEMES[scheme], days, clock))
    return weekly_benefits(tables, *ids)[:, 0].tolist()


@pytest.mark.parametrize(
    ("clock", "municipality"),
    [(0, 0), (299, 0), (300, 9_302), (999, 9_302), (1000, 13_024), (2999, 13_024), (9999, 13_024)],
)
def test_labour_market_support_of_2019(clock, municipality):
    # Half of 186.05 is 93.025, 70 % is 130.235: a cent more or less is the rounding's. The state
    # pays
    # what is left, so that nothing is lost.
    state, municipal, funds = week("2019", "LMS", 0, clock)
    assert municipal == pytest.approx(municipality, abs=1)
    assert state + municipal == BASIC
    assert funds == 0


@pytest.mark.parametrize("clock", [0, 300, 1000])
def test_other_schemes_of_2019_are_not_shared(clock):
    assert week("2019", "BA", 0, clock) == [BASIC, 0, 0]
    # 75 EUR x 5 = 375 EUR: 186.05 from the state, 188.95 from the funds.
    assert week("2019", "ER", 0, clock) == [BASIC, 0, 18_895]


@pytest.mark.parametrize(
    ("clock", "share"),
    [
        (0, 0), (99, 0), (100, 0.1), (199, 0.1), (200, 0.2), (299, 0.2), (300, 0.3), (399, 0.3),
        (400, 0.4), (699, 0.4), (700, 0.5), (5000, 0.5),
    ],
)  # fmt: skip
@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_basic_part_of_2025_is_shared(scheme, clock, share):
    state, municipality, funds = week("2025", scheme, 0, clock)
    assert municipality == pytest.approx(share * BASIC, abs=0.51)  # whole cents
    assert state + municipality == BASIC
    assert funds == (18_895 if scheme == "ER" else 0)


@pytest.mark.parametrize(
    ("days", "total"),
    [(0, 37_500), (39, 37_500), (40, 30_000), (169, 30_000), (170, 28_125), (400, 28_125)],
)
def test_levels_of_earnings_related_allowance_of_2025(days, total):
    # 100, 80 and 75 % of 375 EUR.
    assert sum(week("2025", "ER", days, 0)) == total
    assert sum(week("2019", "ER", days, 0)) == 37_500


def test_earnings_related_is_never_under_the_basic_part():
    tables = benefit_tables(scenario({"finance": {"earnings_related_daily_eur": 10.0}}).finance)
    assert (tables.weekly[EARNINGS_RELATED] == BASIC).all()


def test_which_weeks_move_the_municipal_clock():
    schemes = np.array([EARNINGS_RELATED, BASIC_ALLOWANCE, LABOUR_MARKET_SUPPORT])
    finances = [scenario({"finance": {"rules": rules}}).finance for rules in ("2019", "2025")]
    assert clock_runs(finances[0], schemes).tolist() == [False, False, True]
    assert clock_runs(finances[1], schemes).tolist() == [True, True, True]


def test_steps_of_long_ago():
    rules = {"municipal_share": [{"from_day": 0, "share": 0.0}, {"from_day": 4_000, "share": 1.0}]}
    tables = benefit_tables(scenario({"finance": {"rules_2019": rules}}).finance)
    ids = (np.array([value]) for value in (LABOUR_MARKET_SUPPORT, 4_500, 4_500))
    assert weekly_benefits(tables, *ids)[:, 0].tolist() == [0, BASIC, 0]


# In a run


def staying(rules, scheme, months, weeks=30):
    """Return a run of ten people who stay unemployed, and have been so for some months."""
    one = {"earnings_related": 0.0, "basic_allowance": 0.0, "labour_market_support": 0.0}
    edges = [months, months + 1e-9]
    return market(
        scenario(
            ALIKE,
            NO_EXITS,
            {
                "run": {"weeks": weeks},
                "population": {
                    "register": 10,
                    "benefit": one | {scheme: 1.0},
                    "unemployed_months_edges": edges,
                    "unemployed_months_shares": [1.0],
                },
                "finance": {"rules": rules},
                "referral": {"volume": 0},
            },
        )
    )


def by_week(model, payer):
    rows = model.ledger.rows()
    sums = [0] * model.weeks
    for week_, who, kind, cents in zip(
        rows["week"], rows["payer"], rows["kind"], rows["cents"], strict=True
    ):
        if who == payer and kind == "benefit":
            sums[week_] += cents
    return sums


def test_a_year_of_support_by_hand():
    # Twelve months are 258 days; after 9 weeks 303: the municipality pays half from week 9 on.
    paid = by_week(staying("2019", "labour_market_support", 12.0), "municipality")
    assert paid == [0] * 9 + [93_020] * 21


def test_a_year_of_earnings_related_allowance_in_2025():
    # 258 days at the start: 20 %; 30 % from 300 (week 9), 55.815 and so in whole cents 55.82;
    # 40 % from 400 (week 29).
    model = staying("2025", "earnings_related", 12.0)
    assert by_week(model, "municipality") == [37_210] * 9 + [55_820] * 20 + [74_420]
    # 75 % of 375 EUR less the basic part: 95.20 EUR; after 400 days nothing more.
    assert by_week(model, "funds") == [95_200] * 29 + [0]


def test_new_support_after_an_allowance_is_the_states():
    # After 400 days of allowance, from week 29, support begins at day 0.
    model = staying("2019", "earnings_related", 12.0, weeks=85)
    assert by_week(model, "funds") == [188_950] * 29 + [0] * 56
    assert by_week(model, "municipality") == [0] * 85


def test_people_long_out_of_work_have_used_up_their_allowance():
    # 36 months are 774 days: 400 of allowance, 374 of support, half of which the municipality pays.
    model = staying("2019", "earnings_related", 36.0)
    assert by_week(model, "funds") == [0] * 30
    assert by_week(model, "municipality") == [93_020] * 30


@pytest.mark.parametrize(
    ("rules", "worked", "renewed"), [("2019", 26, True), ("2019", 25, False), ("2025", 51, False)]
)
@pytest.mark.parametrize("scheme", ["earnings_related", "labour_market_support"])
def test_work_renews_the_right_to_an_allowance(rules, worked, renewed, scheme):
    """Everybody leaves in week 0 for a job of a fixed length, and is back for the last week."""
    one = {"earnings_related": 0.0, "basic_allowance": 0.0, "labour_market_support": 0.0}
    model = market(
        scenario(
            ALIKE,
            ONLY_JOBS,
            WORK_AT_ONCE,
            JOBS_FOR_EVER,
            {
                "run": {"weeks": worked + 1},
                "population": {
                    "register": 10, "benefit": one | {scheme: 1.0},
                    "unemployed_months_edges": [12.0, 12.0 + 1e-9],
                    "unemployed_months_shares": [1.0],
                },
                "labour_market": {
                    "jobs": {
                        "permanent_full_time": 0.0, "permanent_part_time": 0.0,
                        "temporary_full_time": 1.0, "temporary_part_time": 0.0,
                        "fixed_term_share": 1.0, "fixed_term_weeks_min": worked,
                        "fixed_term_weeks_max": worked,
                    }
                },
                "finance": {"rules": rules},
                "referral": {"volume": 0},
            },
        )
    )  # fmt: skip
    columns = model.columns
    assert (columns.state == 0).all()
    # 258 days before, and the five of the last week on top.
    assert (columns.benefit_days == (5 if renewed else 263)).all()
    insured = EARNINGS_RELATED if scheme == "earnings_related" else BASIC_ALLOWANCE
    assert (columns.scheme == (insured if renewed else SCHEMES_AT_ENTRY[scheme])).all()


# The roll of all who get a benefit


class ByPerson:
    """An observer that adds up benefits person by person, before the week's days are counted."""

    def __init__(self):
        self.columns, self.differences = None, []

    def __call__(self, model):
        columns = model.columns
        if self.columns is not None:
            booked = model.ledger.rows()
            out = np.flatnonzero(columns.state == State.UNEMPLOYED)
            days, clock, scheme = self.before(model, out)
            cents = weekly_benefits(model.benefit_tables, scheme, days, clock).sum(axis=1)
            mine = [
                (payer, amount)
                for week, payer, kind, amount in zip(
                    booked["week"], booked["payer"], booked["kind"], booked["cents"], strict=True
                )
                if week == model.week and kind == "benefit"
            ]
            expected = [
                (payer, int(amount)) for payer, amount in zip(PAYERS, cents, strict=True) if amount
            ]
            self.differences.append(sorted(mine) != sorted(expected))
        self.columns = True

    @staticmethod
    def before(model, out):
        """Undo the week's counting: nobody's allowance ends in these runs' last step but one."""
        columns = model.columns
        fresh = (columns.benefit_days[out] == 0) & (columns.scheme[out] == LABOUR_MARKET_SUPPORT)
        assert not fresh.any()
        runs = clock_runs(model.setup.finance, columns.scheme[out])
        days = columns.benefit_days[out] - DAYS_PER_WEEK
        return days, columns.clock_days[out] - DAYS_PER_WEEK * runs, columns.scheme[out]


@pytest.mark.parametrize("rules", ["2019", "2025"])
def test_the_roll_pays_what_persons_get(rules):
    # The stock at the longest days must not end in the run, so that weeks can be undone.
    setup = scenario(
        {
            "run": {"weeks": 60},
            "population": {"register": 500},
            "finance": {"rules": rules, "earnings_related_days_max": 5_000},
        }
    )
    watch = ByPerson()
    market(setup, observers=[watch])
    assert len(watch.differences) == 59
    assert not any(watch.differences)


@pytest.mark.parametrize("rules", ["2019", "2025"])
def test_the_roll_is_kept_as_if_counted_anew(rules):
    model = market(scenario({"run": {"weeks": 90}, "finance": {"rules": rules}}))
    anew = BenefitRoll(model.benefit_tables, model.weeks)
    anew.add(model.columns, model.columns.in_state(State.UNEMPLOYED), model.weeks)
    assert anew.cents(model.weeks) == model.benefit_roll.cents(model.weeks)


@pytest.mark.parametrize("participation", ["voluntary", "mandatory"])
def test_the_roll_of_a_group_is_kept_as_if_counted_anew(participation):
    """Whoever is in the group, also since later on, and whatever happens to them."""
    obliged = {"participation": participation, "sanction_share": 1.0, "sanction_weeks": 6}
    used_up = {"earnings_related_days_max": 200}
    model = LabourMarket(
        setup=scenario({"run": {"weeks": 60}, "referral": obliged, "finance": used_up})
    )
    members = np.arange(len(model.columns)) % 3 == 0
    roll = model.benefit_roll.part(members)
    while model.running:
        model.step()
        out = model.columns.in_state(State.UNEMPLOYED)
        paid = out[is_paid(model, out)] if participation == "mandatory" else out
        anew = BenefitRoll(model.benefit_tables, model.weeks)
        anew.add(model.columns, paid[members[paid]], model.week + 1)
        assert anew.cents(model.week + 1) == roll.cents(model.week + 1)
        late = paid[(paid % 3 == 1) & (paid % 60 == model.week)]
        members[late] = True
        roll.add(model.columns, late, model.week + 1)
    assert (members[1::3]).any()


def test_wages_are_those_of_all_jobs():
    model = market(scenario({"run": {"weeks": 70}}))
    at_work = model.columns.in_state(State.EMPLOYED)
    hours = model.columns.hours_share[at_work].sum()
    assert model.job_hours.full_time == pytest.approx(hours, rel=1e-11)
