"""The main job: the same tables from any number of workers, and whatever fails is told."""

from __future__ import annotations

import gc
import weakref

import mesa
import numpy as np
import pandas as pd
import pytest

from labsim.market.jobs import NEVER
from labsim.market.model import LabourMarket
from labsim.scenario.loaded import Loaded
from labsim.study import comparison, replication
from labsim.study.comparison import NothingDone, compare
from labsim.study.executor import RunFailed
from labsim.study.replication import Job, simulate
from labsim.study.twin import TWIN
from tests.builders import changed, scenario

TABLES = ("runs", "weekly", "ledger", "summary")
FEES = {
    "mixed": [
        {"name": "m", "on": "month", "eur": 100.0},
        {"name": "o", "on": "outcome", "eur": 900.0, "outcome": ["employment"]},
    ],
    "start": [{"name": "s", "on": "start", "eur": 500.0}],
}


def designs(replications=4, **layers):
    return [
        Loaded(
            scenario(
                {"run": {"weeks": 30, "replications": replications}, "contract": {"fees": fees}},
                layers,
            ),
            "small",
            name,
        )
        for name, fees in FEES.items()
    ]


def assert_same(one, other):
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name), check_exact=True)


def collected(**options):
    parts = []
    found = compare(designs(), people=parts.append, **options)
    return found, pd.concat(parts, ignore_index=True)


@pytest.fixture(scope="module")
def alone():
    return collected()


def test_two_workers_give_the_same_bits(alone):
    found, people = collected(workers=2)
    assert_same(found, alone[0])
    pd.testing.assert_frame_equal(people, alone[1], check_exact=True)


def test_the_order_of_completion_does_not_matter(alone, monkeypatch):
    def backwards(function, tasks, workers):
        return (function(task) for task in reversed(list(tasks)))

    monkeypatch.setattr(comparison, "run_all", backwards)
    found, people = collected()
    assert_same(found, alone[0])
    pd.testing.assert_frame_equal(people, alone[1], check_exact=True)


def test_fewer_replications_are_the_first_ones(alone):
    two = compare(designs(replications=2))
    longer = alone[0].runs
    kept = longer[longer["replication"] < 2].reset_index(drop=True)
    pd.testing.assert_frame_equal(two.runs, kept, check_exact=True)


def test_a_design_alone_gives_what_it_gives_beside_others(alone):
    second = compare(designs()[1:])
    kept = alone[0].runs.query("design == 'start'").reset_index(drop=True)
    pd.testing.assert_frame_equal(second.runs, kept, check_exact=True)


def test_another_seed_differs(alone):
    other = compare(designs(replications=1, run={"seed": 8}))
    one, another = alone[0].runs, other.runs
    assert one.loc[0, "employed_weeks_per_start"] != another.loc[0, "employed_weeks_per_start"]
    assert other.runs["seed"].tolist() == [8, 8]


def test_tables_have_the_rows_they_promise(alone):
    found, people = alone
    assert found.runs["design"].tolist() == ["mixed"] * 4 + ["start"] * 4
    assert found.runs["replication"].tolist() == [0, 1, 2, 3] * 2
    assert list(found.runs.columns[:4]) == ["scenario", "design", "replication", "seed"]
    counts = found.weekly.groupby(["replication", "design"], observed=True).size()
    assert (counts == 30).all()
    assert len(counts) == 4 * 3
    assert set(found.weekly["design"]) == set(found.ledger["design"]) == {TWIN, "mixed", "start"}
    assert found.ledger["cents"].dtype == np.int64
    assert found.manifest["row_counts"] == {
        name: len(getattr(found, name)) for name in ("runs", "weekly", "ledger")
    }
    assert (found.manifest["completed"], found.manifest["failed"]) == (4, {})
    sizes = people.groupby(["replication", "design"], observed=True).size()
    assert (sizes.unstack().nunique(axis=1) == 1).all()  # the same people in each design


def test_fees_of_the_run_are_the_ledgers(alone):
    ledger = alone[0].ledger
    fees = ledger[ledger["kind"] == "fee"].groupby(["design", "replication"], observed=True)
    runs = alone[0].runs.set_index(["design", "replication"])["fees_eur"]
    for key, cents in fees["cents"].sum().items():
        assert runs[key] == cents / 100
    assert TWIN not in set(ledger.loc[ledger["kind"] == "fee", "design"])


def test_progress_counts_every_run():
    steps = []
    compare(designs(replications=2), progress=steps.append)
    assert steps == [2, 2]


# When something fails


def failing(numbers, error=RuntimeError):
    def run(job):
        if job.replication in numbers:
            raise error(f"replication {job.replication}")
        return simulate(job)

    return run


def test_a_failing_replication_is_told_and_the_rest_is_done(alone, monkeypatch):
    monkeypatch.setattr(comparison, "simulate", failing({1}))
    found, people = collected()
    assert found.failures == {1: "RuntimeError: replication 1"}
    assert found.manifest["failed"] == {"1": "RuntimeError: replication 1"}
    assert found.manifest["completed"] == 3
    kept = alone[0].runs[alone[0].runs["replication"] != 1].reset_index(drop=True)
    pd.testing.assert_frame_equal(found.runs, kept, check_exact=True)
    rest = alone[1][alone[1]["replication"] != 1].reset_index(drop=True)
    pd.testing.assert_frame_equal(people, rest, check_exact=True)


def test_nothing_done(monkeypatch):
    monkeypatch.setattr(comparison, "simulate", failing({0, 1, 2, 3}))
    with pytest.raises(NothingDone) as found:
        compare(designs())
    assert set(found.value.failures) == {0, 1, 2, 3}
    assert not found.value.interrupted


def test_an_interrupt_keeps_what_is_finished(alone, monkeypatch):
    monkeypatch.setattr(comparison, "simulate", failing({2}, KeyboardInterrupt))
    found, people = collected()
    assert found.interrupted
    assert found.manifest["interrupted"] is True
    kept = alone[0].runs[alone[0].runs["replication"] < 2].reset_index(drop=True)
    pd.testing.assert_frame_equal(found.runs, kept, check_exact=True)
    assert set(people["replication"]) == {0, 1}


def test_an_interrupt_before_anything_is_finished(monkeypatch):
    monkeypatch.setattr(comparison, "simulate", failing({0}, KeyboardInterrupt))
    with pytest.raises(NothingDone) as found:
        compare(designs())
    assert found.value.interrupted


def test_failures_from_any_executor_are_taken(monkeypatch):
    def broken(function, tasks, workers):
        for task in tasks:
            yield RunFailed(task, MemoryError("no more")) if task.replication else function(task)

    monkeypatch.setattr(comparison, "run_all", broken)
    found = compare(designs(replications=2))
    assert found.failures == {1: "MemoryError: no more"}


# One replication


def job(*, keep_people=False, number=0):
    pairs = tuple((item.design, item.scenario) for item in designs())
    return Job("small", pairs, number, keep_people)


def test_models_are_let_go(monkeypatch):
    models = []

    class Seen(LabourMarket):
        def __init__(self, **options):
            super().__init__(**options)
            models.append(weakref.ref(self))

    monkeypatch.setattr(replication, "LabourMarket", Seen)
    simulate(job())
    gc.collect()
    assert len(models) == 3
    assert [model() for model in models] == [None] * 3


def test_models_of_a_failing_replication_are_let_go(monkeypatch):
    models = []

    def fail(pair):
        models.extend(weakref.ref(model) for model in (pair.run, pair.twin))
        raise RuntimeError("no indicators")

    monkeypatch.setattr(replication, "indicators", fail)
    with pytest.raises(RuntimeError, match="no indicators"):
        simulate(job())
    # What a traceback may still hold is empty, and Mesa holds nothing.
    assert [vars(model()) for model in models if model() is not None] in ([], [{}], [{}, {}])
    ids = getattr(mesa.Agent, "_ids", {})
    assert not any(model() in ids for model in models if model() is not None)


def test_memory_does_not_grow_with_replications():
    import tracemalloc

    simulate(job())
    tracemalloc.start()
    try:
        simulate(job(number=1))
        gc.collect()
        first = tracemalloc.get_traced_memory()[0]
        for number in range(2, 5):
            simulate(job(number=number))
        gc.collect()
        grown = tracemalloc.get_traced_memory()[0] - first
    finally:
        tracemalloc.stop()
    # One market of this size holds some 300 kB; nine that stayed would be over two megabytes.
    assert grown < 300_000


def test_people_only_when_asked_for():
    assert simulate(job()).people is None
    people = simulate(job(keep_people=True)).people
    assert set(people["design"]) == {"mixed", "start"}
    assert people["person"].max() + 1 == simulate(job()).people_simulated


def test_designs_do_not_touch_each_other():
    forwards, backwards = job(), job()
    backwards = Job("small", backwards.designs[::-1], 0)
    one, other = simulate(forwards).runs, simulate(backwards).runs
    for design in FEES:
        a = one[one["design"] == design].reset_index(drop=True)
        b = other[other["design"] == design].reset_index(drop=True)
        pd.testing.assert_frame_equal(a, b, check_exact=True)


def test_without_effects_all_designs_agree_but_for_money():
    pairs = tuple(
        (item.design, changed(item.scenario, {"coaching": {"effect_scale": 0.0}}))
        for item in designs()
    )
    runs = simulate(Job("small", pairs, 0)).runs
    assert (runs["net_employed_weeks_per_start"] == 0).all()
    assert (runs["net_jobs_90d"] == 0).all()
    assert (runs["displaced_employed_weeks"] == 0).all()
    assert (runs["additional_outcomes"] == 0).all()
    assert runs["started"].nunique() == 1
    assert runs["fees_eur"].nunique() == 2
    assert (runs["started"] < NEVER).all()
