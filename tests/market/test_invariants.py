"""What holds in every market, checked on generated scenarios with contracts of every form."""

from __future__ import annotations

from collections import Counter
from functools import partial

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labsim.market.claims import Claims
from labsim.market.draws import Stream
from labsim.market.jobs import NEVER
from labsim.market.model import LabourMarket
from labsim.market.outcomes import met_week
from labsim.market.phases import STOCKS
from labsim.market.pricing import cost_per_start, expectations, expected_spend
from labsim.market.states import Stage, State
from labsim.measure.indicators import indicators
from labsim.measure.pair import Pair
from labsim.measure.tables import ledger_table, people_table
from labsim.scenario.schema import Scenario
from tests.builders import changed, market, scenarios

generated = partial(
    settings, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


class Watch:
    """An observer that keeps what a finished run no longer shows."""

    def __init__(self) -> None:
        self.hours: list[tuple[np.ndarray, np.ndarray, list[float]]] = []
        self.paid: Counter[tuple[str, int]] = Counter()
        self.payments: list[tuple[int, str, np.ndarray, np.ndarray]] = []
        self.states: list[np.ndarray] = []

    def __call__(self, model: LabourMarket) -> None:
        columns = model.columns
        coaches = [provider.coaches for provider in model.providers]
        self.hours.append((model.served, columns.hours.copy(), coaches))
        self.states.append(columns.state.copy())
        for payment in model.purchaser.payments:
            self.payments.append((model.week, payment.fee, payment.persons, payment.cents))
            self.paid.update((payment.fee, int(person)) for person in payment.persons)


def watched(setup: Scenario) -> tuple[LabourMarket, Watch]:
    watch = Watch()
    return market(setup, observers=[watch]), watch


# Money


@generated(max_examples=16)
@given(scenarios())
def test_cents_balance(setup):
    model, watch = watched(setup)
    ledger = model.ledger
    assert sum(ledger.balance(party) for party in ledger.parties()) == 0
    assert all(isinstance(cents, int) and cents > 0 for cents in ledger.rows()["cents"])
    # Fees by week and fee: what persons (and coaches) were paid is what the ledger shows.
    booked: Counter[tuple[int, str]] = Counter()
    rows = ledger.rows()
    for week, item, kind, cents in zip(
        rows["week"], rows["item"], rows["kind"], rows["cents"], strict=True
    ):
        if kind == "fee":
            booked[week, item] += cents
    given_out: Counter[tuple[int, str]] = Counter()
    for week, fee, _, cents in watch.payments:
        given_out[week, fee] += int(cents.sum())
    assert booked == +given_out
    assert (model.flows["fees_eur"] * 100).round().astype(int).sum() == ledger.total(kind="fee")
    late = model.last_payable_week
    assert all(week <= late for week, _ in booked)


@generated(max_examples=12)
@given(scenarios())
def test_nobody_is_paid_twice_for_one_milestone(setup):
    model, watch = watched(setup)
    outcome_names = {claim.price.name for claim in model.purchaser.claims}
    starts = {price.name for price in model.prices if price.fee.on == "start"}
    for (fee, person), times in watch.paid.items():
        if fee in outcome_names | starts:
            assert times == 1, (fee, person)
        assert model.columns.service_start[person] < NEVER
    for claim in model.purchaser.claims:
        assert np.array_equal(claim.paid, _week_of_payment(model, claim))
        paid = claim.paid < NEVER
        group = model.columns.group[paid]
        lower = claim.price.unnotified[group]
        expected = np.where(_notified(model, claim)[paid], claim.price.cents[group], lower)
        assert np.array_equal(claim.cents[paid], expected)
        assert not claim.cents[~paid].any()
    caps = {price.name: price for price in model.prices if price.fee.max_per_client is not None}
    sums: Counter[tuple[str, int]] = Counter()
    for _, fee, persons, cents in watch.payments:
        if not persons.size:  # coaches are paid for nobody in particular
            continue
        for person, amount in zip(persons.tolist(), cents.tolist(), strict=True):
            sums[fee, person] += amount
    for (fee, person), amount in sums.items():
        if fee in caps:
            price = caps[fee]
            most = price.cents[model.columns.group[person]] * price.fee.max_per_client
            assert amount <= most + 0.5 * watch.paid[fee, person] + 1e-6  # a rounding each time


def _luck(model: LabourMarket, claim: Claims, stream: Stream) -> np.ndarray:
    return model.draws.uniform(stream, claim.number, np.arange(len(model.columns)))


def _notified(model: LabourMarket, claim: Claims) -> np.ndarray:
    """Whether each person gives notice, or none is asked for."""
    contract = model.setup.contract
    asked = contract.verification == "notice"
    return ~np.full(len(model.columns), asked) | (
        _luck(model, claim, Stream.NOTICE) < contract.notice_chance
    )


def _week_of_payment(model: LabourMarket, claim: Claims) -> np.ndarray:
    """Return when each met outcome must be paid, from everybody's luck; `NEVER` if not at all."""
    contract, group = model.setup.contract, model.columns.group
    notified = _notified(model, claim)
    cents = np.where(notified, claim.price.cents[group], claim.price.unnotified[group])
    checked = np.full(group.size, contract.verification != "sample")
    checked |= _luck(model, claim, Stream.SAMPLE) < contract.sample_share
    lag = checked * contract.verification_lag_weeks
    if contract.verification == "notice":
        lag = ~notified * contract.notice_weeks
    disputed = checked & (cents > 0)
    disputed &= _luck(model, claim, Stream.DISPUTE) < contract.dispute_chance
    lost = disputed & (_luck(model, claim, Stream.DISPUTE_LOST) < contract.dispute_lost_share)
    week = claim.met + lag + disputed * contract.dispute_weeks
    last = min(model.last_payable_week, model.weeks - 1)
    return np.where((week <= last) & ~lost & (notified | (cents > 0)), week, NEVER)


# People


@generated(max_examples=16)
@given(scenarios())
def test_nobody_is_in_two_states(setup):
    model, watch = watched(setup)
    spells, columns = model.spells, model.columns
    person, begin, end = (spells.column(name) for name in ("person", "begin", "end"))
    assert (begin < end).all()
    order = np.lexsort((begin, person))
    same = person[order][1:] == person[order][:-1]
    assert (begin[order][1:][same] >= end[order][:-1][same]).all()
    # The column shows the open spell, and nobody without one is away.
    still = end == NEVER
    assert np.unique(person[still]).size == still.sum()
    shown = np.where(columns.entry_week > model.week, State.ARRIVING, State.UNEMPLOYED)
    shown[person[still]] = spells.column("state")[still]
    assert np.array_equal(shown, columns.state)
    # So it was in every week.
    for week, states in enumerate(watch.states):
        past = np.where(columns.entry_week > week, State.ARRIVING, State.UNEMPLOYED)
        on = (begin <= week) & (end > week)
        past[person[on]] = spells.column("state")[on]
        assert np.array_equal(past, states)


@generated(max_examples=16)
@given(scenarios())
def test_people_are_conserved(setup):
    model, _ = watched(setup)
    stocks = sum(model.flows[name] for name in STOCKS.values())
    arrived = (model.people.entry_week[:, None] <= np.arange(model.weeks)).sum(axis=0)
    assert np.array_equal(stocks, arrived)
    columns = model.columns
    assert model.flows["started"].sum() == (columns.service_start < NEVER).sum()
    assert model.flows["referred"].sum() == (columns.referred_week < NEVER).sum()
    assert model.flows["referred"].sum() <= setup.referral.volume
    jobs = model.spells.column("state") == State.EMPLOYED
    assert model.flows["jobs_started"].sum() == jobs.sum()
    ended = model.spells.column("end")[jobs] < NEVER
    assert model.flows["jobs_ended"].sum() == ended.sum()
    for name in ("ability", "motivation"):
        assert ((getattr(columns, name) >= 0) & (getattr(columns, name) <= 10)).all()


@generated(max_examples=16)
@given(scenarios())
def test_service_keeps_to_the_contract(setup):
    model, watch = watched(setup)
    columns, contract = model.columns, setup.contract
    begin, end = contract.start_week, contract.start_week + contract.weeks
    started = columns.service_start < NEVER
    start, limit = columns.service_start[started], columns.service_limit[started]
    assert ((start >= begin) & (start < end)).all()
    assert (start >= columns.referred_week[started] + setup.referral.wait_weeks).all()
    assert (limit <= np.minimum(start + contract.service_weeks_max, end)).all()
    assert (limit > start).all()
    for week, (served, hours, _) in enumerate(watch.hours):
        assert begin <= week < end or not served.size
        assert (columns.service_start[served] <= week).all()
        assert (columns.service_limit[served] > week).all()
        assert not np.delete(hours, served).any()  # nobody else has hours
        if week:  # only unemployed people are served: they were so at the end of the week before
            came = columns.entry_week[served] == week
            assert ((watch.states[week - 1][served] == State.UNEMPLOYED) | came).all()
    stages = columns.stage[started]
    assert np.isin(stages, [Stage.IN_SERVICE, Stage.ENDED, Stage.DROPPED_OUT, Stage.RETURNED]).all()
    assert not np.isin(columns.stage[~started], [Stage.IN_SERVICE, Stage.ENDED]).any()


@generated(max_examples=12)
@given(scenarios())
def test_hours_are_within_limits_and_no_more_than_there_are(setup):
    model, watch = watched(setup)
    total = np.zeros(len(model.columns))
    for served, hours, coaches in watch.hours:
        total += hours
        for provider, staff in zip(model.providers, coaches, strict=True):
            own = served[model.columns.provider[served] == provider.number]
            there_are = staff * provider.terms.client_hours_per_coach_week
            least = max(provider.terms.hours_min, setup.contract.minimum_hours)
            slack = 1e-9 * max(there_are, 1.0)
            assert hours[own].sum() <= there_are + slack
            assert (hours[own] <= max(provider.terms.hours_max, least) + slack).all()
            if own.size * least <= there_are:
                assert (hours[own] >= least - slack).all()
    assert np.array_equal(total, model.columns.hours_total)


# Money


def with_budget(setup: Scenario, share: float | None) -> Scenario:
    """Return a scenario with a share of its expected spend as budget; ``None``: no ceiling."""
    if share is None:
        return setup
    eur = max(share * expected_spend(setup), 0.01)
    return changed(setup, {"contract": {"budget_eur": eur}})


NO_OUTCOME_EXPECTED = {
    "rescale": False, "outcome_share": 0.5, "expected_spend_per_start_eur": 1.0,
    "expected_outcome_rate": 0.001,
}  # fmt: skip


def test_fees_never_pass_the_budget():
    seen: Counter[str] = Counter()

    @generated(max_examples=16)
    @given(scenarios(), st.floats(0.05, 1.2), st.booleans())
    def each(setup, share, foreseen):
        if not foreseen:
            setup = changed(setup, {"contract": NO_OUTCOME_EXPECTED})
        setup = with_budget(setup, share)
        chances = []
        model = market(setup, observers=[lambda run: chances.append(run.purchaser.funds.chance)])
        budget = round(setup.contract.budget_eur * 100)
        fees = model.ledger.total(kind="fee")
        assert 0 <= fees == budget - model.purchaser.funds.left
        assert fees <= budget
        commits = expectations(setup).start_rate * cost_per_start(setup) * model.referred_so_far
        assert commits <= setup.contract.budget_eur * (1 + 1e-9)
        assert 0 <= min(chances) <= max(chances) <= 1
        seen["in doubt"] += min(chances) < 1
        seen["stopped"] += 0 < model.referred_so_far == model.most_referred < setup.referral.volume

    each()
    assert min(seen["in doubt"], seen["stopped"]) > 0


# Outcomes


@generated(max_examples=16)
@given(scenarios(), st.none() | st.floats(0.05, 1.2))
def test_outcomes_add_up_by_one_ruler(setup, budget):
    setup = with_budget(setup, budget)
    run, twin = market(setup), market(setup, service=False)
    found = Pair(run, twin)
    values = indicators(found)
    unpaid = ("outcomes_after_contract", "outcomes_unverified", "outcomes_unfunded")
    assert values["outcomes_met"] == values["outcomes_paid"] + sum(values[n] for n in unpaid)
    assert values["additional_outcomes"] == values["outcomes_met"] - values["deadweight_outcomes"]
    parts = ("outcomes_disputed", "outcomes_unnotified", "outcomes_proof_late")
    assert values["outcomes_unverified"] == sum(values[name] for name in parts)
    assert values["outcomes_met"] + values["outcomes_after_service"] <= values["started"]
    assert values["outcomes_lower_fee"] <= values["outcomes_paid"]
    assert not (found.paid & ~found.met).any()
    assert not (found.met & ~found.started).any()
    assert not (found.met_anyway & ~found.started).any()
    # The purchaser's claims, noticed week by week, are the ruler applied once to the finished
    # spells: the one that judges the twin.
    windows, column = run.windows(), run.spells.column
    spells = windows.client_spells(
        column("person"), column("begin"), np.minimum(column("end"), run.weeks), column("state"),
        column("hours_share"), column("job_kind"),
    )  # fmt: skip
    for claim in run.purchaser.claims:
        assert claim.price.terms is not None
        assert np.array_equal(claim.met, met_week(spells, windows, claim.price.terms))


@generated(max_examples=16)
@given(scenarios())
def test_everybody_who_found_what_counts_is_paid_or_fails_once(setup):
    run, twin = market(setup), market(setup, service=False)
    values = indicators(Pair(run, twin))
    counted = {state for claim in run.purchaser.claims for state in claim.price.terms.states}
    column, start = run.spells.column, run.columns.service_start
    rows = np.isin(column("state"), list(counted)) & (column("begin") >= start[column("person")])
    reasons = (
        "after_service", "after_contract", "disputed", "unnotified", "proof_late",
        "completed_late", "running", "not_sustained", "short_hours", "late_short",
    )  # fmt: skip
    failed = sum(values[f"outcomes_{reason}"] for reason in reasons)
    assert np.unique(column("person")[rows]).size == values["outcomes_paid"] + failed


@generated(max_examples=12)
@given(scenarios())
def test_indicators_agree_with_the_tables(setup):
    run, twin = market(setup), market(setup, service=False)
    found = Pair(run, twin)
    values, ledger, people = indicators(found), ledger_table(run), people_table(found)
    cents = ledger["cents"].where(ledger["kind"] == "fee", 0).sum()
    assert round(values["fees_eur"] * 100) == cents
    assert values["fees_eur"] == cents / 100
    outcome_fees = {claim.price.name for claim in run.purchaser.claims}
    on_outcomes = ledger.loc[(ledger["kind"] == "fee") & ledger["item"].isin(outcome_fees), "cents"]
    assert people["outcome_fees_cents"].sum() == on_outcomes.sum()
    assert people["outcome_met"].sum() == values["outcomes_met"]
    assert people["outcome_paid"].sum() == values["outcomes_paid"]
    assert people["service_start"].notna().sum() == values["started"]
    hours = people["hours"].sum()
    assert np.isclose(hours, run.flows["client_hours"].sum(), rtol=1e-9, atol=1e-9)
    net = sum(values[f"net_{purse}_eur"] for purse in ("state", "municipality", "funds"))
    assert np.isclose(values["net_public_eur"], net, atol=0.01)
    assert (values["started"] == 0) == np.isnan(values["fees_per_start_eur"])
    bystanders = run.columns.referred_week == NEVER
    lost = (people["weeks_in_work_anyway"] - people["weeks_in_work"])[bystanders].sum()
    assert values["displaced_employed_weeks"] == lost
