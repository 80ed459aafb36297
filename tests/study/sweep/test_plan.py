"""What there is to do, in which order, and in what pieces."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labsim.study.experiment import Stop
from labsim.study.summary import RATIOS
from labsim.study.sweep.changes import changes
from labsim.study.sweep.journal import Journal
from labsim.study.sweep.kept import COMPONENTS, columns_in_parts
from labsim.study.sweep.pace import Pace
from labsim.study.sweep.plan import Plan, State
from labsim.study.sweep.stop import enough
from labsim.study.sweep.tasks import Task

RULE = Stop("x", 1.0, least=3, most=12)


def handed_out(plan: Plan) -> list[Task]:
    return list(iter(plan.next, None))


def test_every_run_is_handed_out_once_point_by_point():
    plan = Plan(2, 3, 2, None)
    assert plan.begin() == 12
    assert handed_out(plan) == [Task(p, r, (0, 1, 2)) for p in (0, 1) for r in (0, 1)]
    assert plan.left == plan.total == 12
    assert plan.over == 0


def test_what_is_over_is_not_handed_out_again():
    plan = Plan(2, 2, 2, None)
    plan.note((0, 0, 0), State.DONE)
    plan.note((0, 1, 0), State.FAILED)
    plan.note((0, 1, 1), State.DONE)
    assert plan.begin() == 5
    assert handed_out(plan) == [Task(0, 0, (1,)), Task(1, 0, (0, 1)), Task(1, 1, (0, 1))]
    assert (plan.count(State.DONE), plan.count(State.FAILED), plan.over) == (2, 1, 3)


def test_only_what_failed():
    plan = Plan(2, 2, 2, None)
    plan.note((0, 1, 0), State.FAILED)
    plan.note((1, 0, 0), State.FAILED)
    plan.note((1, 0, 1), State.FAILED)
    assert plan.begin(only_failed=True) == 3
    assert handed_out(plan) == [Task(0, 1, (0,)), Task(1, 0, (0, 1))]
    assert plan.left == 8


def test_the_rule_looks_at_whole_batches_only():
    plan = Plan(1, 1, None, RULE)
    assert plan.begin() == 3
    assert [task.replication for task in handed_out(plan)] == [0, 1, 2]
    for replication, value in ((2, 50.0), (0, 0.0)):
        plan.note((0, replication, 0), State.DONE, value)
        assert plan.next() is None
    plan.note((0, 1, 0), State.DONE, 9.0)
    assert [task.replication for task in handed_out(plan)] == [3, 4, 5, 6, 7]
    assert plan.total == 8
    for replication in range(3, 8):
        plan.note((0, replication, 0), State.FAILED)
    assert [task.replication for task in handed_out(plan)] == [8, 9, 10, 11]
    for replication in range(8, 12):
        plan.note((0, replication, 0), State.DONE, 1.0)
    assert plan.next() is None
    assert plan.left == 0
    assert plan.decided()[0] == 12


@given(
    values=st.lists(st.floats(-3, 3), min_size=24, max_size=24),
    order=st.randoms(use_true_random=False),
    cut=st.integers(0, 24),
)
def test_the_rule_does_not_hang_on_order_or_interruptions(values, order, cut):
    """Hand in results in any order, with a new plan somewhere on the way."""
    value = np.array(values).reshape(12, 2)
    plan, known = Plan(1, 2, None, RULE), []
    plan.begin()
    under_way = [run for task in handed_out(plan) for run in task.runs()]
    while under_way:
        if len(known) == cut:
            plan = Plan(1, 2, None, RULE)
            for run in order.sample(known, len(known)):
                plan.note(run, State.DONE, value[run[1:]])
            plan.begin()
            under_way = [run for task in handed_out(plan) for run in task.runs()]
        run = under_way.pop(order.randrange(len(under_way)))
        plan.note(run, State.DONE, value[run[1:]])
        known.append(run)
        under_way += [run for task in handed_out(plan) for run in task.runs()]
    ways = [3, 8, 12]
    expected = next((n for n in ways if enough(value[:n], RULE)), 12)
    assert plan.decided()[0] == expected
    assert sorted(known) == [(0, r, d) for r in range(expected) for d in (0, 1)]


def test_half_widths():
    values = np.array([[1.0], [2.0], [3.0]])  # sd 1, Student 4.302653, half width 2.484
    assert enough(values, Stop("x", 2.49))
    assert not enough(values, Stop("x", 2.48))
    assert not enough(np.hstack([values, 9 * values]), Stop("x", 2.49))
    assert not enough(np.array([[1.0], [np.nan]]), Stop("x", 1e9))


def test_chunks_grow_to_a_few_seconds_and_shrink_towards_the_end():
    pace = Pace()
    assert pace.runs(10_000, 2) == 1
    sizes = []
    for _ in range(6):
        pace.note(1, 0.1)
        sizes.append(pace.runs(10_000, 2))
    assert sizes == [4, 16, 29, 29, 29, 29] or sizes == [4, 16, 30, 30, 30, 30]
    assert pace.runs(20, 2) == 5
    assert pace.runs(1, 2) == 1
    for _ in range(30):
        pace.note(1, 60.0)
    assert pace.runs(10_000, 2) == 1


def test_a_journal_mends_itself(tmp_path):
    journal = Journal(tmp_path)
    journal.create({"key": "x"})
    journal.append({"a": 1})
    journal.close()
    with journal.path.open("ab") as file:
        file.write(b'{"b": 2, "to')
    assert list(journal.entries()) == [{"a": 1}]
    journal.append({"c": 3})
    journal.close()
    assert journal.header() == {"key": "x"}
    assert list(journal.entries()) == [{"a": 1}, {"c": 3}]
    assert journal.path.read_bytes().count(b"\n") == 3


def test_a_nearly_full_disk_takes_part_of_a_line(tmp_path):
    """The rest of the line is written too, or what was written of it is cut off."""
    journal = Journal(tmp_path)
    journal.create({"key": "x"})
    journal.append({"a": 1})
    file = journal._file
    journal._file = Slow(file, [3, 1, OSError(28, "No space left on device")])
    with pytest.raises(OSError, match="No space"):
        journal.append({"long": "x" * 50})
    journal.append({"b": 2})
    journal._file = Slow(journal._file, [3, 1, 100])
    journal.append({"c": 3})
    journal.close()
    assert list(journal.entries()) == [{"a": 1}, {"b": 2}, {"c": 3}]


class Slow:
    """A file that takes a few bytes at a time."""

    def __init__(self, file, steps) -> None:
        self.file, self.steps = file, iter(steps)
        self.fileno, self.close = file.fileno, file.close

    def write(self, content) -> int:
        step = next(self.steps)
        if isinstance(step, OSError):
            raise step
        return self.file.write(content[:step])


@given(st.binary(max_size=300), st.integers(0, 300))
def test_a_journal_of_bytes_is_read_without_fault(tmp_path_factory, junk, cut):
    folder = tmp_path_factory.mktemp("journal")
    journal = Journal(folder)
    journal.create({"key": "x"})
    whole = journal.path.read_bytes() + b'{"a":1}\n'
    journal.path.write_bytes((whole + junk)[: len(whole) + cut])
    read = list(journal.entries())
    assert read[:1] == [{"a": 1}]
    journal.append({"z": 9})
    journal.close()
    assert list(journal.entries()) == [*read, {"z": 9}]


def test_changes_are_named_by_key():
    old = {
        "inputs": {"a": {"b": 1, "fees": [{"name": "start", "eur": 5}, {"name": "job"}]}, "c": [1]},
        "code": {"labsim": "1"},
    }
    new = json.loads(json.dumps(old).replace('"eur": 5', '"eur": 6').replace("[1]", "[1, 2]"))
    new["inputs"]["new"] = True
    assert changes(old, new) == ["  a.fees.start.eur: 5 -> 6", "  c: [1] -> [1, 2]",
                                 "  new: - -> true"]  # fmt: skip
    many = {"inputs": {str(key): key for key in range(30)}, "code": {}}
    lines = changes({"inputs": {}, "code": {}}, many)
    assert len(lines) == 21
    assert lines[-1] == "  ... (10)"


def test_parts_hold_what_ratios_are_made_of():
    assert set(COMPONENTS) == set(RATIOS)
    for name, parts in RATIOS.items():
        runs = pd.DataFrame({column: [2.0] for column in COMPONENTS[name]})
        assert all(np.isfinite(part(runs)).all() for part in parts)
    assert columns_in_parts(None, "x") is None
    assert columns_in_parts(("x",), "y") == ("x", "y")


@pytest.mark.parametrize("old", [{}, {"inputs": 7}, {"inputs": {"a": None}}])
def test_strange_headers_differ(old):
    assert changes(old, {"inputs": {"a": 1}, "code": {"labsim": "1"}})
