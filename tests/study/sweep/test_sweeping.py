"""A sweep gives the same tables whoever ran it, in whatever pieces, and after whatever happened."""

from __future__ import annotations

import json
import os
import sys
import threading
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from labsim.study.experiment import Stop
from labsim.study.places import Here, Place
from labsim.study.sweep import engine as engine_module
from labsim.study.sweep import sweeping
from labsim.study.sweep.faults import NotHere, SweepStopped
from labsim.study.sweep.finishing import _no_formula
from labsim.study.sweep.journal import Journal
from labsim.study.sweep.lock import locked
from labsim.study.sweep.sweeping import Where, sweep
from labsim.study.sweep.version import code_version
from labsim.study.sweep.working import Chunk, Setting, do_chunk
from tests.study.sweep.stub import Stub, in_child, simulate, tables

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")


def run(folder: Path, experiment: Stub | None = None, **options):
    return sweep(experiment or Stub(), folder, simulate=simulate, **options)


@pytest.fixture
def plain(tmp_path) -> list[bytes]:
    """Return the tables of a sweep that nothing happened to."""
    run(tmp_path / "plain")
    return tables(tmp_path / "plain")


def stopped_after(folder: Path, chunks: int, experiment: Stub | None = None) -> None:
    """Begin a sweep and press Ctrl-C after so many chunks."""
    count = iter(range(chunks))

    def press(_plan) -> None:
        if next(count, None) is None:
            raise KeyboardInterrupt

    outcome = run(folder, experiment, progress=press)
    assert outcome.statistics.interrupted
    assert outcome.statistics.left


def stop_line(folder: Path, **options) -> SweepStopped:
    with pytest.raises(SweepStopped) as stopped:
        run(folder, **options)
    return stopped.value


def test_rows_come_by_point_design_and_replication(tmp_path, plain):
    runs = pd.read_parquet(tmp_path / "plain" / "runs.parquet")
    assert list(runs.columns[:5]) == ["scenario", "design", "point", "replication", "seed"]
    order = [(p, d, r) for p in range(6) for d in ("hourly", "mixed") for r in range(4)]
    assert list(zip(runs["point"], runs["design"], runs["replication"], strict=True)) == order
    row = runs.iloc[4 * 8 + 5]  # point 4, mixed, replication 1
    draw = np.random.default_rng([4, 1, 1])
    assert row["started"] == draw.integers(0, 9)
    assert row["fees_eur"] == draw.normal(500, 10)


def test_points_have_means_and_intervals(tmp_path, plain):
    runs = pd.read_parquet(tmp_path / "plain" / "runs.parquet")
    points = pd.read_parquet(tmp_path / "plain" / "points.parquet")
    assert len(points) == 12
    row = points.set_index(["point", "design"]).loc[(3, "mixed")]
    own = runs[(runs["point"] == 3) & (runs["design"] == "mixed")]
    half = 3.182446305284263 * own["fees_eur"].std() / 2  # Student, 4 replications
    assert row["coaching.x"] == 3 / 8
    assert row["referral.kind"] == "b"
    assert row["n"] == 4
    assert row["fees_eur"] == pytest.approx(own["fees_eur"].mean())
    assert row["fees_eur_low"] == pytest.approx(own["fees_eur"].mean() - half)
    assert row["fees_eur_high"] == pytest.approx(own["fees_eur"].mean() + half)
    ratio = own["fees_eur"].sum() / own["additional_outcomes"].sum()
    assert row["fees_per_additional_outcome_eur"] == pytest.approx(ratio)


def test_whole_numbers_stay_whole_unless_a_part_has_others(tmp_path, plain):
    runs = pd.read_parquet(tmp_path / "plain" / "runs.parquet")
    assert runs["started"].dtype == np.int64
    assert runs["sometimes_whole"].dtype == np.float64


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("seconds", [1e-9, 1e-3])
def test_the_number_of_workers_and_the_size_of_chunks_change_nothing(
    tmp_path, plain, workers, seconds, monkeypatch
):
    monkeypatch.setattr("labsim.study.sweep.pace.SECONDS", seconds)
    run(tmp_path / "other", where=Where(workers))
    assert tables(tmp_path / "other") == plain


@pytest.mark.parametrize("chunks", [1, 2, 4])
def test_an_interrupted_sweep_is_resumed(tmp_path, plain, chunks):
    stopped_after(tmp_path / "other", chunks)
    manifest = json.loads((tmp_path / "other" / "manifest.json").read_text())
    assert manifest["interrupted"]
    assert not (tmp_path / "other" / "runs.parquet").exists()
    before = manifest["done"]
    outcome = run(tmp_path / "other", resume=True)
    assert outcome.did == 48 - before
    assert tables(tmp_path / "other") == plain


def test_designs_that_are_missing_are_run_alone(tmp_path, plain):
    trouble = {1: f"once:{tmp_path / 'file'}", 4: f"once:{tmp_path / 'file-2'}"}
    experiment = Stub(trouble=trouble)
    outcome = run(tmp_path / "other", experiment)
    assert (outcome.statistics.done, outcome.statistics.failed) == (46, 2)
    failed = pd.read_csv(tmp_path / "other" / "failed.csv")
    assert failed["point"].tolist() == [1, 4]
    assert failed["design"].tolist() == ["mixed", "mixed"]
    assert failed["coaching.x"].tolist() == [1 / 8, 4 / 8]
    assert failed["error"].str.contains("ValueError: made to fail").all()
    assert len(pd.read_parquet(tmp_path / "other" / "runs.parquet")) == 46
    again = run(tmp_path / "other", experiment, resume=True)  # a failure is not tried unasked
    assert (again.did, again.statistics.failed) == (0, 2)
    outcome = run(tmp_path / "other", experiment, only_failed=True)
    assert outcome.did == 2
    assert tables(tmp_path / "other") == plain


def test_only_failed_leaves_the_rest(tmp_path):
    experiment = Stub(trouble={0: f"once:{tmp_path / 'file'}"})
    stopped_after(tmp_path / "other", 2, experiment)
    outcome = run(tmp_path / "other", experiment, only_failed=True)
    assert outcome.did == 1
    assert outcome.statistics.left
    assert not (tmp_path / "other" / "runs.parquet").exists()


def test_a_failure_stays_until_it_succeeds(tmp_path):
    experiment = Stub(trouble={2: "fail"})
    assert run(tmp_path / "other", experiment).statistics.failed == 1
    assert run(tmp_path / "other", experiment, only_failed=True).statistics.failed == 1
    assert len(pd.read_csv(tmp_path / "other" / "failed.csv")) == 1


def test_everything_may_fail(tmp_path):
    experiment = Stub(points=1, replications=2, designs=("hourly", "mixed"), trouble={0: "fail"})
    monkey = replace(experiment, replications=2)
    outcome = sweep(monkey, tmp_path / "other", simulate=all_fail)
    assert outcome.statistics.failed == 4
    assert len(pd.read_parquet(tmp_path / "other" / "runs.parquet")) == 0
    assert len(pd.read_parquet(tmp_path / "other" / "points.parquet")) == 0


def all_fail(work):
    return [ValueError("no luck") for _ in work.designs]


def test_a_run_that_kills_its_process_is_found_and_recorded(tmp_path, plain):
    experiment = Stub(trouble={3: "die"})
    outcome = run(tmp_path / "other", experiment, where=Where(2))
    assert outcome.statistics.failed == 1
    failed = pd.read_csv(tmp_path / "other" / "failed.csv")
    assert failed[["point", "replication", "design"]].to_numpy().tolist() == [[3, 1, "mixed"]]
    assert "process ended" in failed["error"][0]
    run(tmp_path / "other", Stub(), only_failed=True)
    assert tables(tmp_path / "other") == plain


class Together(Executor):
    """A cluster's way: who dies takes with it all that waits beside it."""

    def __init__(self) -> None:
        self.waiting: list = []
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.work)
        self.thread.start()

    def submit(self, fn, /, *args, **kwargs):
        future: Future = Future()
        self.waiting.append((future, fn, args))
        return future

    def work(self) -> None:
        while not self.over.wait(0.01):
            batch, self.waiting = self.waiting, []
            dies = any(run == (3, 1, 1) for _, _, (_, chunk) in batch for run in chunk.runs())
            for future, fn, args in batch:
                if dies:
                    future.set_exception(BrokenProcessPool())
                else:
                    future.set_result(fn(*args))


def test_no_run_answers_for_what_ran_beside_it(tmp_path, monkeypatch):
    executor = Together()
    together = Place(executor, lambda: 6, "together", (BrokenProcessPool,))
    monkeypatch.setattr(sweeping, "place", lambda *_: nullcontext(together))
    try:
        outcome = run(tmp_path / "other")
    finally:
        executor.over.set()
        executor.thread.join()
    failed = pd.read_csv(tmp_path / "other" / "failed.csv")
    assert failed[["point", "replication", "design"]].to_numpy().tolist() == [[3, 1, "mixed"]]
    assert outcome.statistics.done == 6 * 2 * 4 - 1


def test_a_process_that_dies_once_costs_nothing(tmp_path, plain):
    experiment = Stub(trouble={3: f"die-once:{tmp_path / 'file'}"})
    assert run(tmp_path / "other", experiment, where=Where(2)).statistics.failed == 0
    assert tables(tmp_path / "other") == plain


def test_processes_that_cannot_live_end_the_sweep(tmp_path, monkeypatch):
    monkeypatch.setattr(engine_module, "HOPELESS", 0)
    with pytest.raises(SweepStopped, match="processes end"):
        sweep(Stub(), tmp_path / "other", Where(2), simulate=all_die)


def all_die(work):
    os._exit(9)


@pytest.mark.parametrize("torn", [1, 30, 200])
def test_a_torn_line_is_cut_off(tmp_path, plain, torn):
    stopped_after(tmp_path / "other", 4)
    journal = tmp_path / "other" / "journal.jsonl"
    whole = journal.read_bytes()
    journal.write_bytes(whole[:-torn])
    run(tmp_path / "other", resume=True)
    assert tables(tmp_path / "other") == plain
    for line in journal.read_bytes().splitlines():
        json.loads(line)


def test_nonsense_in_a_journal_costs_only_its_own_runs(tmp_path, plain):
    stopped_after(tmp_path / "other", 4)
    journal = tmp_path / "other" / "journal.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    lines[2] = b"\0" * 50 + b"\n"
    lines.insert(3, b'{"part": 7, "runs": "what"}\n')
    lines.insert(4, b"[1]\n")
    journal.write_bytes(b"".join(lines))
    run(tmp_path / "other", resume=True)
    assert tables(tmp_path / "other") == plain


@pytest.mark.parametrize("harm", ["missing", "short", "garbled"])
def test_a_part_that_is_lost_is_done_again(tmp_path, plain, harm):
    stopped_after(tmp_path / "other", 4)
    part = max((tmp_path / "other" / "parts").iterdir(), key=lambda file: file.stat().st_size)
    size = part.stat().st_size
    if harm == "missing":
        part.unlink()
    else:
        part.write_bytes(b"x" * (size // 2 if harm == "short" else size))
    if harm == "garbled":  # seen when it is read
        assert "cannot be read" in str(stop_line(tmp_path / "other", resume=True))
    run(tmp_path / "other", resume=True)
    assert tables(tmp_path / "other") == plain


def test_what_nobody_wrote_down_is_removed(tmp_path, plain):
    stopped_after(tmp_path / "other", 2)
    (tmp_path / "other" / "parts" / "000009-ffffffff.parquet").write_bytes(b"x")
    (tmp_path / "other" / "parts" / ".000009-ffffffff.parquet.77").write_bytes(b"x")
    (tmp_path / "other" / ".runs.parquet.77").write_bytes(b"x")
    run(tmp_path / "other", resume=True)
    named = {entry["part"] for entry in Journal(tmp_path / "other").entries()}
    assert {file.name for file in (tmp_path / "other" / "parts").iterdir()} == named
    assert sorted(file.name for file in (tmp_path / "other").iterdir()) == [
        ".lock", "journal.jsonl", "manifest.json", "parts", "points.parquet", "runs.parquet",
    ]  # fmt: skip


def test_a_finished_sweep_is_left_alone(tmp_path, plain):
    before = {file: file.stat().st_mtime_ns for file in (tmp_path / "plain").iterdir()}
    del before[tmp_path / "plain" / ".lock"]
    assert run(tmp_path / "plain", resume=True).did == 0
    assert {file: file.stat().st_mtime_ns for file in before} == before


def test_tables_that_are_lost_are_made_again(tmp_path, plain):
    (tmp_path / "plain" / "points.parquet").unlink()
    assert run(tmp_path / "plain", resume=True).did == 0
    assert tables(tmp_path / "plain") == plain


def test_an_existing_folder_is_refused(tmp_path, plain):
    assert "exists already" in str(stop_line(tmp_path / "plain"))
    assert tables(tmp_path / "plain") == plain


def test_a_folder_of_something_else_is_refused(tmp_path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "precious.txt").write_text("x")
    assert "not the folder of a sweep" in str(stop_line(tmp_path / "other", resume=True))
    (tmp_path / "file").write_text("x")
    assert "cannot be written" in str(stop_line(tmp_path / "file", resume=True))
    assert [file.name for file in (tmp_path / "other").iterdir()] == ["precious.txt"]


def test_only_failed_needs_a_sweep(tmp_path):
    stopped = stop_line(tmp_path / "other", only_failed=True)
    assert "no sweep" in str(stopped)
    assert not (tmp_path / "other").exists()


def test_resuming_nothing_begins(tmp_path, plain):
    run(tmp_path / "other", resume=True)
    assert tables(tmp_path / "other") == plain
    (tmp_path / "third" / "parts").mkdir(parents=True)  # killed before the journal was there
    (tmp_path / "third" / ".lock").touch()
    run(tmp_path / "third", resume=True)
    assert tables(tmp_path / "third") == plain


def test_changed_inputs_are_refused_with_what_changed(tmp_path, plain):
    stopped = stop_line(tmp_path / "plain", experiment=Stub(points=7), resume=True)
    assert str(stopped).splitlines()[1:] == ["  points: 6 -> 7"]
    assert not stopped.begun
    assert tables(tmp_path / "plain") == plain


def test_changed_code_is_refused(tmp_path, plain, monkeypatch):
    other = {"labsim": "9.9", "source": "ff", "numpy": "9"}
    monkeypatch.setattr("labsim.study.sweep.changes.code_version", lambda: other)
    lines = str(stop_line(tmp_path / "plain", resume=True)).splitlines()[1:]
    assert '  code.labsim: "0.1.0" -> "9.9"' in lines
    assert any(line.startswith("  code.mesa:") and line.endswith("-> -") for line in lines)


@POSIX
def test_a_second_sweep_is_refused(tmp_path, plain):
    with locked(tmp_path / "plain", "token"):
        assert "another sweep" in str(stop_line(tmp_path / "plain", resume=True))
    assert run(tmp_path / "plain", resume=True).did == 0


@POSIX
@pytest.mark.parametrize("most", [400, 3_500, 3_750, 1_500, 6_000])
def test_a_full_disk_ends_it_and_nothing_is_lost(tmp_path, plain, most):
    """A file must not grow beyond so many bytes: parts, the journal, or the tables."""
    process = in_child(on_full_disk, tmp_path, most)
    process.join()
    said = (tmp_path / "said").read_text()
    assert process.exitcode == 3, said
    assert "cannot be written (File too large)" in said
    assert len(said.splitlines()) == 1
    assert not (tmp_path / "other" / "manifest.json").exists()
    run(tmp_path / "other", resume=True)
    assert tables(tmp_path / "other") == plain


def on_full_disk(folder: Path, most: int) -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    try:
        run(folder / "other", resume=True)
    except SweepStopped as stopped:
        (folder / "said").write_text(str(stopped))
        os._exit(3)


@POSIX
def test_a_read_only_place(tmp_path, plain):
    """Whether there is a sweep in it or not; root, who may write anywhere, becomes nobody."""
    places = (tmp_path / "plain" / ".lock", tmp_path / "plain", tmp_path)
    for place in places:
        place.chmod(0o555)
    try:
        process = in_child(in_read_only_place, tmp_path)
        process.join()
    finally:
        for place in places:
            place.chmod(0o755)
    assert process.exitcode == 3
    assert not (tmp_path / "new").exists()


def in_read_only_place(folder: Path) -> None:
    os.chdir(folder)
    user = os.geteuid()
    if user == 0:
        run(Path("plain"), resume=True)  # imports what nobody may not read
        os.seteuid(65_534)
    found = [stop_line(Path("new")), stop_line(Path("plain"), resume=True)]
    os.seteuid(user)
    for stopped in found:
        assert "cannot be written (Permission denied)" in str(stopped)
        assert not stopped.begun
    os._exit(3)


def test_a_place_where_nothing_can_be_written(tmp_path):
    (tmp_path / "file").write_text("x")
    stopped = stop_line(tmp_path / "file" / "new")
    assert "cannot be written" in str(stopped)
    assert not stopped.begun


def test_parts_that_cannot_be_written_end_it(tmp_path, plain):
    stopped_after(tmp_path / "other", 2)
    parts = tmp_path / "other" / "parts"

    def block(_plan) -> None:  # as when the disk is taken away
        if parts.is_dir():
            parts.rename(tmp_path / "taken")
            parts.write_text("x")

    stopped = stop_line(tmp_path / "other", resume=True, progress=block)
    assert stopped.begun
    parts.unlink()
    (tmp_path / "taken").rename(parts)
    run(tmp_path / "other", resume=True)
    assert tables(tmp_path / "other") == plain


@pytest.mark.parametrize(
    ("answer", "said"),
    [((False, None), "does not see"), ((True, "ff"), "another version of labsim, or none")],
)
def test_workers_elsewhere_must_see_the_folder_and_have_the_same_code(
    tmp_path, monkeypatch, answer, said
):
    far, (sees, source) = Where(cluster="far"), answer
    answers = {"tcp://far:1": (sees, source or code_version()["source"])}
    where = Place(Here([]), lambda: 1, "far", everywhere=lambda *_: answers)
    usual = sweeping.place
    monkeypatch.setattr(
        sweeping, "place", lambda n, address: nullcontext(where) if address else usual(n, address)
    )
    assert said in str(stop_line(tmp_path / "other", where=far))
    assert not (tmp_path / "other").exists()  # nothing was begun
    stopped_after(tmp_path / "third", 2)
    assert "tcp://far:1" in str(stop_line(tmp_path / "third", where=far, resume=True))
    assert (tmp_path / "third" / "journal.jsonl").exists()


def test_a_worker_that_comes_late_must_see_the_folder_too(tmp_path):
    setting = Setting(str(tmp_path), "token", code_version()["source"], None, None, simulate)
    with pytest.raises(NotHere):
        do_chunk(Chunk("a.parquet", setting, ()))
    (tmp_path / ".lock").write_text("another sweep's")  # it was killed, and resumed
    with pytest.raises(NotHere):
        do_chunk(Chunk("a.parquet", setting, ()))
    (tmp_path / ".lock").write_text("token")
    assert do_chunk(Chunk("a.parquet", setting, ())).runs == []


def test_kept_indicators_only(tmp_path):
    experiment = Stub(indicators=("net_jobs_90d", "fees_per_additional_outcome_eur"))
    run(tmp_path / "other", experiment)
    runs = pd.read_parquet(tmp_path / "other" / "runs.parquet")
    assert list(runs.columns[5:]) == ["net_jobs_90d", "fees_per_additional_outcome_eur"]


RULE = Stop("net_jobs_90d", 0.8, least=4, most=17)


@pytest.mark.parametrize("workers", [1, 2])
def test_the_stopping_rule(tmp_path, workers):
    experiment = Stub(points=8, replications=None, stop=RULE)
    run(tmp_path / "other", experiment, where=Where(workers))
    runs = pd.read_parquet(tmp_path / "other" / "runs.parquet")
    counts = runs.groupby("point")["replication"].nunique()
    assert set(counts) <= {4, 9, 14, 17}
    assert len(set(counts)) > 1
    for point, count in counts.items():
        ways = [first for first in (4, 9, 14, 17) if enough(runs, point, first)]
        assert count == (ways[0] if ways and ways[0] <= count else 17)


def enough(runs: pd.DataFrame, point: int, replications: int) -> bool:
    """Say the rule another way."""
    from scipy.stats import t

    some = runs[(runs["point"] == point) & (runs["replication"] < replications)]
    sizes = some.groupby("design")["net_jobs_90d"]
    if (sizes.count() < 2).any():
        return False
    return all(
        t.ppf(0.975, len(values.dropna()) - 1) * values.sem() <= RULE.half_width
        for _, values in sizes
    )


def test_a_failure_that_is_mended_later_leaves_no_trace_in_the_rule(tmp_path):
    plain = Stub(points=8, replications=None, stop=RULE)
    run(tmp_path / "plain", plain)
    trouble = {point: f"once:{tmp_path / str(point)}" for point in range(8)}
    run(tmp_path / "other", replace(plain, trouble=trouble))
    outcome = run(tmp_path / "other", plain, only_failed=True)
    assert outcome.statistics.failed == 0
    assert outcome.statistics.left == 0
    assert tables(tmp_path / "other") == tables(tmp_path / "plain")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(text):
    assert _no_formula(text) == f"'{text}"


@pytest.mark.parametrize("cell", ["ValueError: =1", -1.5, 3, None, "a-b"])
def test_other_cells_stay(cell):
    assert _no_formula(cell) == cell
