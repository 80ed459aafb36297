"""How people come: by themselves, by a session, because they must, and when there is room."""

from __future__ import annotations

import numpy as np
import pytest

from labsim.market import remote
from labsim.market.draws import Draws, Stream
from labsim.market.inquiries import inquiry_chance, loudness, most_wishes, wishes
from labsim.market.jobs import NEVER
from labsim.market.model import LabourMarket
from labsim.market.referral import session_chance
from labsim.market.regimes import usual_shift
from labsim.market.states import Stage, State
from labsim.market.waiting import are_asked
from labsim.market.weeks import WEEKS_PER_MONTH
from labsim.market.willingness import by_place
from labsim.measure.indicators import indicators
from tests.builders import ALIKE, ALL_START, NO_EXITS, differences, market, pair, scenario
from tests.market.test_traits import error

YEAR = {
    "run": {"weeks": 45}, "population": {"register": 2_000, "inflow_per_week": 0.0},
    "referral": {"volume": 600, "weeks": 26}, "contract": {"weeks": 38},
}  # fmt: skip

INVITED = {"referral": {"regime": "info-session"}}
MUST = {"referral": {"participation": "mandatory", "sanction_share": 1.0, "sanction_weeks": 5}}
ALL_DECLINE = {"referral": {"acceptance": {"intercept": -20.0}}}
ON_SUPPORT = {
    "population": {
        "benefit": {"earnings_related": 0.0, "basic_allowance": 0.0, "labour_market_support": 1.0}
    }
}


def known(points=10.0, **more):
    """Return a provider that makes itself known."""
    return {"providers": [{"name": "provider", "marketing": points} | more]}


def marketing(**keys):
    return scenario({"referral": {"marketing": keys}}).referral.marketing


def by_self(**keys):
    return {"referral": {"regime": "self", "marketing": keys}}


class TestMarketing:
    """More is heard of a service whose providers make it known."""

    def test_loudness_by_hand(self):
        assert loudness(marketing(), [10.0]) == 1
        assert loudness(marketing(), [2.5, 9.0, 0.0]) == pytest.approx(0.5 + 0.9486832980505138)
        assert loudness(marketing(returns=1.0), [2.5, 7.5]) == pytest.approx(1)

    def test_the_next_point_brings_less(self):
        heard = np.array([loudness(marketing(), [points]) for points in range(11)])
        assert (np.diff(heard) > 0).all()
        assert (np.diff(heard, 2) < 0).all()

    def test_chance_by_hand(self):
        terms = marketing(inquiries_per_month=0.2, per_motivation_point=0.1, aimed_factor=3.0)
        found = inquiry_chance(terms, 0.5, np.array([7.5, 9.5, 7.5]), np.array([0, 0, 1]) > 0)
        rates = 0.2 * 0.5 / WEEKS_PER_MONTH * np.array([1, np.exp(0.2), 3])
        np.testing.assert_allclose(found, 1 - np.exp(-rates), rtol=1e-12)

    @pytest.mark.parametrize("factor", [0.2, 1.0, 3.0])
    @pytest.mark.parametrize("slope", [-0.3, 0.0, 0.3])
    def test_nobody_asks_more_than_the_most(self, factor, slope):
        young = {"aimed_at": {"age_max": 29}, "aimed_factor": factor}
        terms = by_self(per_motivation_point=slope, **young)
        model = LabourMarket(setup=scenario(YEAR, known(), terms))
        columns = model.columns
        columns.motivation[:400] = 0.0
        columns.motivation[400:800] = 10.0
        columns.age[:800:2], columns.age[1:800:2] = 20, 50
        chance = wishes(model, np.arange(2_000))
        assert chance.max() == pytest.approx(most_wishes(model), rel=1e-11)
        assert (chance < most_wishes(model)).all()

    def test_as_many_come_as_ask(self):
        """Alike and staying, ``exp(-rate*weeks)`` of the group have not asked after so long."""
        setup = scenario(
            ALIKE, NO_EXITS, YEAR, known(2.5), by_self(inquiries_per_month=0.1),
            {"population": {"register": 4_000, "motivation_mean": 7.5},
             "referral": {"volume": 10_000}},
        )  # fmt: skip
        share = market(setup).flows["referred"].sum() / 4_000
        chance = 1 - np.exp(-0.1 * 0.5 / WEEKS_PER_MONTH * 26)
        assert abs(share - chance) < error(chance, 4_000)

    def test_nobody_comes_to_what_nobody_has_heard_of(self):
        assert market(scenario(YEAR, by_self())).flows["referred"].sum() == 0

    def test_the_motivated_come(self):
        model = market(scenario(YEAR, known(), by_self()))
        came = model.columns.referred_week < NEVER
        assert came.sum() > 100
        gap = model.people.motivation[came].mean() - model.people.motivation[~came].mean()
        assert gap > 3 * 2 / np.sqrt(came.sum())
        assert model.columns.applied[came].all()

    def test_it_adds_to_what_advisers_refer(self):
        """REF-23: planned marketing raises starts relative to the office alone."""
        advisers = {"referral": {"regime": "advisor"}}
        starts = [
            market(scenario(YEAR, advisers, known(), {"referral": {"also_self": also}}))
            .flows["started"].sum()
            for also in (False, True)
        ]  # fmt: skip
        assert starts[1] > starts[0] + 4 * np.sqrt(starts[0])

    def test_it_reaches_those_whom_officers_seldom_refer(self):
        """REF-33: more of the starters are of a group held back, or one it is aimed at."""
        people = {"population": {"languages": {"usual": 0.8, "other": 0.2}}}
        alone = {"referral": {"regime": "advisor"}, "office": {"hold_back": 0.4}}
        also = {"referral": {"also_self": True, "marketing": {
            "aimed_at": {"languages": ["other"]}, "aimed_factor": 3.0}}}  # fmt: skip
        hardest, others = [], []
        for tree in ({}, also):
            model = market(scenario(YEAR, people, alone, known(), tree))
            started = np.flatnonzero(model.columns.service_start < NEVER)
            held = model.office.assessment.held_back
            seen = model.columns.assessed_log_hazard[started]
            hardest.append((seen < held - 0.3).mean())
            others.append((model.people.language[started] == 1).mean())
        noise = 3 * np.sqrt(2 * 0.25 * 0.75 / started.size)
        assert hardest[1] > hardest[0] + noise
        assert others[1] > others[0] + noise

    def test_providers_pay_for_it_while_people_may_come(self):
        model = market(scenario(YEAR, known(marketing_eur_per_week=120.5), by_self()))
        booked = model.ledger.total(payer="provider", payee="suppliers", item="marketing")
        assert booked == 26 * 12_050
        twin = market(model.setup, service=False)
        assert twin.ledger.total(item="marketing") == 0

    def test_the_office_lets_in_as_many_as_it_has_time_for(self):
        busy = {"office": {"referral_team": 0.04, "hours_per_application": 0.2}}
        model = market(scenario(YEAR, known(), by_self(inquiries_per_month=5.0), busy))
        # 0.04 caseworkers of 25 hours: one hour, five people a week.
        assert model.flows["referred"].max() == 5
        assert model.ledger.total(item="referral") == model.flows["referred"].sum() * round(
            0.2 * model.setup.finance.office_hour_eur * 100
        )


class TestSession:
    """Those invited come or stay away; those who come know what they are offered."""

    def test_chance_by_hand(self):
        terms = scenario().referral.session
        found = session_chance(terms, np.array([7.5, 9.5]))
        np.testing.assert_allclose(found, [0.5, 1 / (1 + np.exp(-0.5))])

    def test_invited_once_and_some_stay_away(self):
        model = market(scenario(YEAR, NO_EXITS, INVITED))
        away = model.columns.stage == Stage.STAYED_AWAY
        came = model.columns.referred_week < NEVER
        assert not (away & came).any()
        assert away.sum() == model.flows["stayed_away"].sum() > 100
        people = np.flatnonzero(away | came)
        chance = session_chance(model.setup.referral.session, model.people.motivation[people])
        noise = 4.5 * np.sqrt((chance * (1 - chance)).sum())
        # Motivation falls by up to 0.3 SD while people wait to be invited: by 0.15 in the logit.
        assert -noise - 0.15 / 4 * people.size < came.sum() - chance.sum() < noise
        assert model.people.motivation[came].mean() > model.people.motivation[away].mean()

    def test_more_start_of_those_who_come(self):
        """REF-24: a higher start rate than a plain assignment, and higher where it fits."""
        rates, sizes = [], []
        for tree in ({}, INVITED):
            many = {"population": {"register": 8_000}, "referral": {"volume": 2_500}}
            run = market(scenario(YEAR, NO_EXITS, many, tree))
            asked = np.isin(run.columns.stage, (Stage.NONE, Stage.REFERRED, Stage.STAYED_AWAY))
            started = run.columns.service_start[~asked] < NEVER
            rates.append(started.mean())
            sizes.append(started.size)
        assert rates[1] > rates[0] + 3 * np.sqrt(sum(0.25 / n for n in sizes))

    def test_each_invitation_takes_time(self):
        model = market(scenario(YEAR, INVITED))
        invited = model.flows["referred"] + model.flows["stayed_away"]
        each = 0.1 * model.setup.finance.office_hour_eur * 100
        assert model.ledger.total(item="referral") == sum(round(n * each) for n in invited)


class TestMandatory:
    """Who declines loses benefit, and nothing else."""

    def test_more_accept(self):
        starts = [market(scenario(YEAR, tree)).flows["started"].sum() for tree in ({}, MUST)]
        assert starts[1] > starts[0] + 3 * np.sqrt(starts[0])

    def test_a_sanction_is_so_many_weeks_of_benefit(self):
        """Nobody leaves: benefits fall by what five weeks of each decliner would have cost."""
        base = (YEAR, NO_EXITS, ALL_DECLINE, ON_SUPPORT)
        free, must = (market(scenario(*base, tree)) for tree in ({}, MUST))
        hit = must.flows["sanctioned"].sum()
        assert hit == (must.columns.stage == Stage.DECLINED).sum() > 500
        week = round(must.setup.finance.basic_daily_eur * 5 * 100)
        lost = free.ledger.total(kind="benefit") - must.ledger.total(kind="benefit")
        assert lost == hit * 5 * week
        days = free.columns.benefit_days - must.columns.benefit_days
        assert np.array_equal(days > 0, must.columns.suspended_until > 0)
        assert set(days[days > 0].tolist()) == {25}

    def test_only_a_share_is_hit(self):
        share = {"referral": {"sanction_share": 0.3}}
        model = market(scenario(YEAR, NO_EXITS, ALL_DECLINE, MUST, share))
        declined = (model.columns.stage == Stage.DECLINED).sum()
        assert abs(model.flows["sanctioned"].sum() / declined - 0.3) < error(0.3, declined)

    def test_the_roll_is_what_people_get_one_by_one(self):
        """With people coming and going while they are sanctioned, week by week."""
        few_accept = {"referral": {"acceptance": {"intercept": -1.0}}}
        quick = {"labour_market": {"job_hazard_per_week": 0.2}}
        setup = scenario(YEAR, MUST, few_accept, quick)
        model, left = LabourMarket(setup=setup), 0
        while model.running:
            model.step()
            columns = model.columns
            out = columns.state[: model.arrived] == State.UNEMPLOYED
            stopped = columns.suspended_until[: model.arrived] > model.week
            left += int((stopped & ~out).sum())
            counted = model.benefit_roll._by_scheme.sum()
            assert counted == (out & ~stopped).sum()
        assert left > 0

    def test_lives_are_as_without_it_at_no_effect(self):
        setup = scenario(YEAR, MUST, {"coaching": {"effect_scale": 0.0}})
        run = pair(setup)
        assert differences(run.run, run.twin) == []
        assert run.run.flows["sanctioned"].sum() == 0


class TestPlaces:
    """A provider has so many places, and the others wait."""

    def test_asked_in_order_until_places_are_taken(self):
        accepts = np.array([True, False, True, True, False])
        order = np.array([3, 1, 0, 4, 2])
        for free, asked in ((0, []), (1, [3]), (2, [3, 1, 0]), (3, [3, 1, 0, 4, 2])):
            # Who declines takes no place: the next is asked, until one accepts.
            expected = np.isin(np.arange(5), asked)
            found = are_asked(order, accepts, free)
            assert np.array_equal(found[accepts], expected[accepts])
        assert np.array_equal(are_asked(order, accepts, 9), np.ones(5, dtype=bool))

    @pytest.mark.parametrize("choice", ["single", "rotation", "client", "office", "lottery"])
    def test_never_more_clients_than_places(self, choice):
        providers = {"providers": [{"name": "A", "places": 20}, {"name": "B", "places": 7}]}
        setup = scenario(YEAR, ALL_START, providers, {"referral": {"provider_choice": choice}})
        model, waiting = LabourMarket(setup=setup), []
        while model.running:
            model.step()
            for provider, places in zip(model.providers, (20, 7), strict=True):
                assert provider.clients().size <= places
            waiting.append(model.flows["waiting"][model.week])
        assert max(waiting) > 50
        started = model.columns.service_start < NEVER
        assert started.sum() > 27

    def test_first_come_first_served(self):
        setup = scenario(YEAR, ALL_START, NO_EXITS, {"providers": [{"name": "A", "places": 30}]},
                         {"contract": {"service_weeks_max": 8}})  # fmt: skip
        model = market(setup)
        started = np.flatnonzero(model.columns.service_start < NEVER)
        luck = model.draws.uniform(Stream.PRIORITY, 0, started)
        order = np.lexsort((luck, model.columns.referred_week[started]))
        weeks = model.columns.service_start[started[order]]
        assert (np.diff(weeks) >= 0).all()

    def test_places_for_all_are_no_limit(self):
        many = {"providers": [{"name": "provider", "places": 10_000}]}
        one, other = market(scenario(YEAR)), market(scenario(YEAR, many))
        assert differences(one, other) == []
        assert np.array_equal(one.columns.service_start, other.columns.service_start)

    def test_those_who_wait_decline_or_find_something(self):
        """Few places: longer waits, fewer who accept of those asked, more who leave before."""
        few = {"providers": [{"name": "provider", "places": 25}]}
        free, full = (indicators(pair(scenario(YEAR, tree))) for tree in ({}, few))
        assert full["wait_weeks_mean"] > free["wait_weeks_mean"] + 2
        gone = [
            (market(scenario(YEAR, tree)).columns.stage == Stage.GONE_BEFORE_START).sum()
            for tree in ({}, few)
        ]
        assert gone[1] > gone[0] + 3 * np.sqrt(gone[0])

    def test_wait_weeks_mean_is_of_those_who_start(self):
        run = pair(scenario(YEAR, {"providers": [{"name": "provider", "places": 25}]}))
        columns = run.run.columns
        started = columns.service_start < NEVER
        waits = columns.service_start[started] - columns.referred_week[started]
        assert indicators(run)["wait_weeks_mean"] == pytest.approx(waits.mean())

    def test_without_effects_it_equals_its_twin(self):
        tree = {"coaching": {"effect_scale": 0.0},
                "providers": [{"name": "A", "places": 9}, {"name": "B", "places": 4}],
                "referral": {"provider_choice": "client"}}  # fmt: skip
        run = pair(scenario(YEAR, tree))
        assert differences(run.run, run.twin) == []


class TestPlaceAndContact:
    """Distance, and contact that is remote."""

    def test_shift_by_hand(self):
        acceptance = scenario().referral.acceptance
        taste = np.array([remote.DIFFICULT, remote.DISLIKED, remote.LIKED, remote.LIKED])
        found = by_place(
            acceptance, away=np.array([0.6, 0.6, 0.0, 0.6]), remote_share=0.4,
            tertiary=np.array([False, True, False, False]), taste=taste,
        )  # fmt: skip
        expected = [-0.3 - 0.6, -0.15 - 0.12, 0.12, -0.3 + 0.12]
        np.testing.assert_allclose(found, expected)

    def test_tastes(self):
        people, n = scenario().population, 20_000
        found = remote.tastes(people, Draws(3, 0), np.arange(n))
        for code, share in ((remote.DIFFICULT, 0.1), (remote.LIKED, 0.5)):
            assert abs((found == code).mean() - share) < error(share, n)

    def test_fewer_of_those_far_away_start(self):
        """PREF-22; remote service spares them the way (M-PAR-10)."""
        people = {"population": {"areas": {"here": 0.5, "there": 0.5}}}
        rates = []
        for share in (0.0, 1.0):
            provider = {"name": "A", "areas": ["here"], "remote_share": share}
            tree = {"providers": [provider],
                    "referral": {"acceptance": {"far": -1.5, "far_tertiary": 1.0}}}  # fmt: skip
            columns = market(scenario(YEAR, people, tree)).columns
            asked = columns.stage > Stage.REFERRED
            started = columns.service_start < NEVER
            rates.append([started[asked & (columns.area == area)].mean() for area in (0, 1)])
        noise = 3 * np.sqrt(2 * 0.25 / 250)
        assert rates[0][0] > rates[0][1] + noise
        assert abs(rates[1][0] - rates[1][1]) < noise

    def test_an_hour_does_as_much_as_it_suits(self):
        """``1 - r*(1 - e)`` for a share r and the effect e of a service that is wholly remote."""
        tree = {"coaching": {"remote_effect": 0.9, "remote_effect_difficult": 0.5},
                "providers": [{"name": "A", "remote_share": 0.5}]}  # fmt: skip
        model = LabourMarket(setup=scenario(YEAR, tree))
        while model.week < 12:
            model.step()
        clients = model.providers[0].clients()
        assert clients.size > 50
        taste = remote.tastes(model.setup.population, model.draws, clients)
        expected = np.where(taste == remote.DIFFICULT, 0.75, 0.95)
        np.testing.assert_allclose(remote.effect_of_an_hour(model, clients), expected)

    def test_neutral_by_default(self):
        tree = {"providers": [{"name": "A", "remote_share": 0.0}]}
        model = LabourMarket(setup=scenario(tree))
        model.step()
        assert (remote.effect_of_an_hour(model, np.arange(50)) == 1).all()


def test_what_is_usual_by_regime():
    acceptance = scenario().referral.acceptance
    for regime, shift in (("central", 0.0), ("bulk", acceptance.by_letter),
                          ("self", acceptance.by_own_wish),
                          ("info-session", acceptance.after_session)):  # fmt: skip
        assert usual_shift(scenario({"referral": {"regime": regime}}).referral) == shift
    must = scenario({"referral": {"regime": "bulk", "participation": "mandatory"}}).referral
    assert usual_shift(must) == pytest.approx(acceptance.by_letter + acceptance.mandatory)


def test_one_off_letters_fill_more_than_drip():
    """REF-22: of a stock that shrinks, one-off referral reaches more than even referral."""
    small = {"population": {"register": 700}}
    starts = [
        market(scenario(YEAR, small, {"referral": {"regime": regime, "acceptance": {
            "by_letter": 0.0}}})).flows["started"].sum()
        for regime in ("central", "bulk")
    ]  # fmt: skip
    assert starts[1] > starts[0]


def test_centralised_referral_fills_and_advisers_starve():
    """REF-21: planned starts are nearly reached centrally, and less by advisers at first."""
    fills = []
    for regime in ("central", "advisor"):
        model = market(scenario(YEAR, {"referral": {"regime": regime}}))
        fills.append(model.flows["referred"].sum() / 600)
    assert fills[0] > 0.95
    assert fills[1] < fills[0] - 0.1
