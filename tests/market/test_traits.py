"""Sectors, languages, needs and known changes: who has them, and what follows."""

from __future__ import annotations

import numpy as np
import pytest

from labsim.market.jobs import NEVER
from labsim.market.model import LabourMarket
from labsim.market.states import State
from labsim.market.weeks import MONTHS_PER_WEEK
from tests.builders import (
    ALIKE,
    ALL_START,
    JOBS_FOR_EVER,
    NO_EXITS,
    ONLY_JOBS,
    WORK_AT_ONCE,
    differences,
    fees,
    market,
    pair,
    scenario,
)

SECTORS = {"population": {"sectors": {"care": 0.5, "metal": 0.3, "it": 0.2}}}
NEEDS = {"population": {"needs": {"none": 0.4, "one": 0.3, "two": 0.2, "three_or_more": 0.1}}}
MANY = {"population": {"register": 20_000, "inflow_per_week": 0.0}}


def error(share: float, people: int) -> float:
    """Return 4.5 standard errors of a share."""
    return 4.5 * np.sqrt(share * (1 - share) / people)


def test_one_kind_by_default():
    people = LabourMarket(setup=scenario()).people
    for trait in (people.sector, people.language, people.needs):
        assert not trait.any()
    assert (people.change_after == NEVER).all()


def test_shares_are_those_of_the_scenario():
    tree = {"population": {"languages": {"fi": 0.9, "other": 0.1}}}
    people = LabourMarket(setup=scenario(MANY, SECTORS, tree)).people
    for column, shares in ((people.sector, (0.5, 0.3, 0.2)), (people.language, (0.9, 0.1))):
        for code, share in enumerate(shares):
            assert abs((column == code).mean() - share) < error(share, 20_000)


def test_traits_move_nobody_else():
    """What has its own stream leaves all other luck alone; with one market nothing follows."""
    apart = {"labour_market": {"matching_elasticity": 1.0}, "coaching": {"handover_loss": 0.0}}
    plain, mixed = scenario(apart), scenario(apart, NEEDS, SECTORS)
    assert differences(market(plain), market(mixed)) == []


@pytest.mark.parametrize("correlation", [0.0, 0.6])
def test_needs_go_with_low_ability(correlation):
    """Shares are kept, whatever the correlation; entrants are drawn as they come.

    With everybody entering, ability is normal, so that the needs' index is too.
    """
    entrants = {"population": {"register": 1, "inflow_per_week": 1_000.0,
                               "needs_correlation": correlation}}  # fmt: skip
    people = LabourMarket(setup=scenario(NEEDS, entrants, {"run": {"weeks": 40}})).people
    for code, share in enumerate((0.4, 0.3, 0.2, 0.1)):
        assert abs((people.needs == code).mean() - share) < error(share, len(people))
    low = people.ability[people.needs == 3].mean() - people.ability[people.needs == 0].mean()
    if correlation:
        assert low < -1
    else:  # a difference of means of SD 1.8 each
        assert abs(low) < 4.5 * 1.8 * np.sqrt(1 / 0.1 + 1 / 0.4) / np.sqrt(len(people))


class TestVacancies:
    """Vacancies by area and sector: tightness relative to the whole market."""

    @pytest.mark.parametrize("ratio", [0.2, 1.0, 3.0])
    def test_a_sector_as_tight_as_told(self, ratio):
        """The CES factor at r: ``(a + (1-a) r**-gamma)**(-1/gamma)``, in week 0."""
        tree = {"labour_market": {"vacancies": {"sectors": {"it": ratio}}}}
        model = LabourMarket(setup=scenario(MANY, SECTORS, tree))
        searching = model.reference_search / np.kron(np.ones(3), [1, 1, ratio])
        a, gamma = model.elasticity, model.setup.labour_market.tightness_exponent
        expected = (a + (1 - a) * ratio**-gamma) ** (-1 / gamma)
        factor = model.crowding(searching).reshape(3, 3)
        np.testing.assert_allclose(factor[:, 2], expected)
        np.testing.assert_allclose(factor[:, :2], 1)

    def test_areas_and_sectors_multiply(self):
        areas = {"population": {"areas": {"north": 0.5, "south": 0.5}}}
        vacancies = {"areas": {"south": 2.0}, "sectors": {"it": 0.5, "care": 3.0}}
        tree = {"labour_market": {"vacancies": vacancies}}
        one = LabourMarket(setup=scenario(MANY, SECTORS, areas)).reference_search
        other = LabourMarket(setup=scenario(MANY, SECTORS, areas, tree)).reference_search
        expected = np.kron([1.0, 2.0], np.kron(np.ones(3), [3.0, 1.0, 0.5]))
        np.testing.assert_allclose(other / one, expected)

    def test_ones_change_nobody(self):
        tree = {"labour_market": {"vacancies": {"sectors": {"it": 1.0, "care": 1.0}}}}
        assert differences(market(scenario(SECTORS)), market(scenario(SECTORS, tree))) == []

    def test_more_vacancies_more_jobs(self):
        """People alike with hazard h: ``1 - exp(-h * factor)`` leave in a week."""
        trees = {"labour_market": {"matching_elasticity": 0.6,
                                   "vacancies": {"sectors": {"it": 3.0, "care": 0.3}}}}  # fmt: skip
        setup = scenario(ALIKE, ONLY_JOBS, MANY, SECTORS, trees,
                         {"run": {"weeks": 1}, "referral": {"volume": 0}})  # fmt: skip
        model = market(setup)
        for code, ratio in ((0, 0.3), (1, 1.0), (2, 3.0)):
            factor = (0.6 + 0.4 * ratio**-1.27) ** (-1 / 1.27)
            chance = 1 - np.exp(-setup.labour_market.job_hazard_per_week * factor)
            mine = model.people.sector == code
            left = (model.columns.state[mine] == State.EMPLOYED).mean()
            assert abs(left - chance) < error(chance, mine.sum())


AGREED = {"population": {"known_change_share": 0.4, "known_change_weeks_max": 20}}


class TestKnownChanges:
    """What is agreed ahead comes, in every design."""

    def test_shares_and_weeks(self):
        after = LabourMarket(setup=scenario(MANY, AGREED)).people.change_after
        known = after < NEVER
        assert abs(known.mean() - 0.4) < error(0.4, 20_000)
        assert set(after[known].tolist()) == set(range(1, 21))
        for week in (1, 7, 20):
            assert abs((after[known] == week).mean() - 0.05) < error(0.05, known.sum())

    def test_they_leave_in_that_week_and_nobody_else(self):
        model = market(scenario(NO_EXITS, MANY, AGREED, {"run": {"weeks": 25}}))
        begin = np.full(len(model.people), NEVER)
        begin[model.spells.column("person")[::-1]] = model.spells.column("begin")[::-1]
        assert np.array_equal(begin, model.people.change_after)

    def test_kinds_are_the_usual_ones(self):
        model = market(scenario(NO_EXITS, MANY, AGREED, {"run": {"weeks": 22}}))
        persons, first = np.unique(model.spells.column("person"), return_index=True)
        states = model.spells.column("state")[first]
        shares = model.setup.labour_market.exit_shares
        for state, share in ((State.EMPLOYED, shares.employment),
                             (State.OUTSIDE, shares.inactivity)):  # fmt: skip
            assert abs((states == state).mean() - share) < error(share, persons.size)

    def test_the_service_has_no_part_in_it(self):
        """Clients leave in the week agreed, whatever they are coached; the job is their own."""
        run = pair(scenario(NO_EXITS, MANY, AGREED, ALL_START, JOBS_FOR_EVER))
        clients = np.flatnonzero(run.run.columns.service_start < NEVER)
        assert clients.size > 100
        assert run.run.columns.hours_total[clients].sum() > 0
        assert differences(run.run, run.twin, clients) in ([], ["ability", "motivation"],
            ["ability", "motivation", "own_hazard"])  # fmt: skip
        assert not run.run.spells.column("of_provider").any()

    def test_who_has_found_something_before_does_not_leave_again(self):
        model = market(scenario(WORK_AT_ONCE, ONLY_JOBS, JOBS_FOR_EVER, AGREED))
        away = model.columns.state[: model.arrived] > State.UNEMPLOYED
        assert away.sum() > 200
        assert (model.columns.change_week[: model.arrived][away] == NEVER).all()
        people = model.spells.column("person")
        assert np.unique(people).size == people.size

    def test_the_filter_leaves_them_out_and_saves_deadweight(self):
        """REF-16, M-REF-24: outcomes that were certain anyway are not bought."""
        job = {"name": "job", "on": "outcome", "outcome": ["employment"], "eur": 1000.0,
               "starts_within": "service+90d"}  # fmt: skip
        base = (MANY, AGREED, ALL_START, fees(job),
                {"referral": {"volume": 4_000, "weeks": 2}})  # fmt: skip
        target = {"referral": {"target": {"no_known_change_months": 3.0}}}
        anyway = []
        for tree in ({}, target):
            found = pair(scenario(*base, tree))
            columns, week = found.run.columns, found.run.columns.referred_week.copy()
            spells = found.run.spells
            person, begin = spells.column("person"), spells.column("begin")
            week[person[begin < week[person]]] = NEVER  # what was agreed has come or is off
            referred = np.flatnonzero(week < NEVER)
            after = np.maximum(found.run.people.entry_week, 0) + found.run.people.change_after
            months = (after[referred] - week[referred]) * MONTHS_PER_WEEK
            assert (months <= 3).any() == (not tree)
            started = columns.service_start < NEVER
            anyway.append((found.met_anyway[started].mean(), started.sum()))
        (with_them, n), (without, m) = anyway
        noise = 3 * np.sqrt(with_them * (1 - with_them) * (1 / n + 1 / m))
        assert without < with_them - noise


@pytest.mark.parametrize(
    ("target", "keeps"),
    [
        ({"sectors": ["it", "metal"]}, lambda p: p.sector > 0),
        ({"sectors_excluded": ["it"]}, lambda p: p.sector < 2),
        ({"languages": ["other"]}, lambda p: p.language == 1),
        ({"needs_min": 2}, lambda p: p.needs >= 2),
        ({"no_known_change_months": 2.0}, lambda p: p.change_after * MONTHS_PER_WEEK > 2.0),
    ],
)
def test_only_the_target_group_is_referred(target, keeps):
    setup = scenario(
        SECTORS, NEEDS, AGREED,
        {
            "run": {"weeks": 1},
            "population": {
                "register": 1_000, "inflow_per_week": 0.0,
                "languages": {"usual": 0.7, "other": 0.3},
            },
            "referral": {
                "volume": 10_000, "start_week": 0, "weeks": 1, "wait_weeks": 3, "target": target,
            },
        },
    )  # fmt: skip
    model = market(setup)
    expected = keeps(model.people)
    assert 0 < expected.sum() < 1_000
    assert np.array_equal(model.columns.referred_week == 0, expected)


def test_the_office_expects_by_what_it_sees():
    """Without errors it expects ``1 / (all exit hazards)``; with them it lets others in."""
    sharp = {"office": {"ability_bias": 0.0, "ability_noise_sd": 0.0, "motivation_bias": 0.0,
                        "motivation_noise_sd": 0.0, "register_gap_share": 0.0,
                        "assessment_noise_sd": 0.0}}  # fmt: skip
    base = {
        "run": {"weeks": 1}, "population": {"register": 2_000, "inflow_per_week": 0.0},
        "referral": {"volume": 10_000, "start_week": 0, "weeks": 1, "wait_weeks": 3,
                     "target": {"expected_exit_months_max": 8.0}},
    }  # fmt: skip
    exact, blurred = market(scenario(base, sharp)), market(scenario(base))
    exits = exact.people.hazard_at_entry / exact.setup.labour_market.exit_shares.employment
    quick = MONTHS_PER_WEEK / exits <= 8.0
    assert 200 < quick.sum() < 1_800
    assert np.array_equal(exact.columns.referred_week == 0, quick)
    assert (quick != (blurred.columns.referred_week == 0)).mean() > 0.05


def test_narrow_sectors_starve_a_pilot_and_scarce_ones_its_outcomes():
    """REF-25: fill falls with a narrow sector limit; outcomes fall where vacancies do not match."""
    job = {"name": "job", "on": "outcome", "outcome": ["employment"], "eur": 1000.0}
    size = {"population": {"register": 3_000}, "referral": {"volume": 1_000, "weeks": 6}}
    base = (SECTORS, ALL_START, fees(job), size)
    target = {"referral": {"target": {"sectors": ["it"]}}}
    match, mismatch = ({"labour_market": {"vacancies": {"sectors": {"it": r}}}} for r in (3, 0.2))
    wide, fits, clashes = (pair(scenario(*base, *more)) for more in
                           ((), (target, match), (target, mismatch)))  # fmt: skip
    starts = [run.started.sum() for run in (wide, fits, clashes)]
    assert starts[1] < 0.8 * starts[0]
    rates = [run.met[run.started].mean() for run in (fits, clashes)]
    noise = 3 * np.sqrt(sum(r * (1 - r) / n for r, n in zip(rates, starts[1:], strict=True)))
    assert rates[0] > rates[1] + noise
