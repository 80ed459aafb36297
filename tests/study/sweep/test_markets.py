"""Sweeps of real markets give what `compare` gives, and commands say what they did."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

import labsim
from labsim.cli import main
from labsim.study.results import NoResults
from labsim.study.sweep.plan import Task
from labsim.study.sweep.working import Work, beside_twin

pytestmark = pytest.mark.slow

SCENARIO = """
extends = "focus-tyopolut"
[run]
weeks = 26
seed = 11
[population]
register = 150
inflow_per_week = 2
[referral]
volume = 40
start_week = 1
weeks = 8
[contract]
start_week = 2
weeks = 20
service_weeks_max = 10
"""
EXPERIMENT = """
title = { en = "How well must coaching work?", fi = "Kuinka hyvin?", sv = "Hur väl?" }
scenario = "tiny.toml"
designs = ["hourly", "mixed"]
method = "grid"
replications = 2
[[vary]]
key = "coaching.max_uplift"
values = [0.2, 0.6]
"""


@pytest.fixture(scope="module")
def swept(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("swept")
    (folder / "tiny.toml").write_text(SCENARIO)
    (folder / "uplift.toml").write_text(EXPERIMENT)
    with pytest.MonkeyPatch.context() as here:
        here.chdir(folder)
        assert main(["sweep", "uplift.toml", "--workers", "1", "--quiet"]) == 0
    return folder


def test_a_sweep_gives_what_comparisons_give(swept):
    runs = labsim.open_results(swept / "results" / "uplift").runs
    for point, uplift in enumerate([0.2, 0.6]):
        settings = {"coaching.max_uplift": uplift, "run.replications": 2}
        compared = labsim.compare(swept / "tiny.toml", ["hourly", "mixed"], settings=settings).runs
        own = runs[runs["point"] == point].drop(columns="point").reset_index(drop=True)
        pd.testing.assert_frame_equal(own, compared[own.columns], check_exact=True)


def test_a_design_alone_is_the_same_as_beside_others():
    setups = [
        labsim.load("focus-tyopolut", design=name, settings=SMALL).scenario
        for name in ("hourly", "no-cure-no-pay")
    ]
    both = tuple(zip(("a", "b"), setups, strict=True))
    together = beside_twin(Work(Task(0, 1, (0, 1)), setups[0], both))
    alone = beside_twin(Work(Task(0, 1, (1,)), setups[0], both[1:]))
    assert repr(alone) == repr(together[1:])


SMALL = {
    "run.weeks": 26, "population.register": 150, "referral.volume": 40, "referral.weeks": 8,
    "contract.weeks": 40,
}  # fmt: skip


def test_open_results(swept):
    results = labsim.open_results(swept / "results" / "uplift")
    assert results.tables == ("runs", "points")
    assert len(results.points) == 4
    assert results.points["coaching.max_uplift"].tolist() == [0.2, 0.2, 0.6, 0.6]
    assert results.failed.empty
    assert list(results.failed) == [
        "point", "design", "replication", "error", "coaching.max_uplift",
    ]  # fmt: skip
    manifest = results.manifest
    assert manifest["done"] == 8
    assert manifest["row_counts"] == {"runs": 8, "points": 4, "failed": 0}
    assert manifest["inputs"]["designs"] == ["hourly", "mixed"]
    with pytest.raises(AttributeError):
        _ = results.what
    with pytest.raises(NoResults, match="no such table"):
        _ = results.weekly
    with pytest.raises(NoResults, match="no folder of results"):
        labsim.open_results(swept)


def test_python_does_the_same(swept, tmp_path):
    results = labsim.sweep(swept / "uplift.toml", out=tmp_path / "out")
    same = (swept / "results" / "uplift" / "runs.parquet").read_bytes()
    assert (tmp_path / "out" / "runs.parquet").read_bytes() == same
    assert len(results.runs) == 8
    again = labsim.sweep(swept / "uplift.toml", out=tmp_path / "out", resume=True)
    assert again.points.equals(results.points)


def test_the_command_says_what_it_did(swept, monkeypatch, capsys):
    monkeypatch.chdir(swept)
    assert main(["sweep", "uplift.toml"]) == 2
    assert capsys.readouterr().err.startswith("results/uplift: exists already")
    assert main(["sweep", "uplift.toml", "--resume"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("8 runs: 2 points, 2 designs")
    assert said[1] == "results/uplift"
    assert main(["sweep", "uplift.toml", "--resume", "--lang", "fi", "--quiet"]) == 0
    assert capsys.readouterr().out == "results/uplift\n"


def test_changed_values_are_told(swept, monkeypatch, capsys):
    monkeypatch.chdir(swept)
    changed = EXPERIMENT.replace("0.6", "0.7").replace("replications = 2", "replications = 3")
    (swept / "changed.toml").write_text(changed)
    out = ["--resume", "--quiet", "--out", "results/uplift"]
    assert main(["sweep", "changed.toml", *out]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert any(line.startswith("  replications: 2 -> 3") for line in lines)
    assert any("0.6" in line and "0.7" in line for line in lines)
    (swept / "tiny.toml").write_text(SCENARIO.replace("register = 150", "register = 151"))
    try:
        assert main(["sweep", "uplift.toml", *out]) == 2
    finally:
        (swept / "tiny.toml").write_text(SCENARIO)
    lines = capsys.readouterr().err.splitlines()[1:]
    assert all("population.register: 150 -> 151" in line for line in lines)
    assert lines


def test_bad_use(swept, monkeypatch, capsys):
    monkeypatch.chdir(swept)
    assert main(["sweep", "nowhere.toml"]) == 2
    assert main(["sweep", "uplift.toml", "--workers", "2", "--cluster", "tcp://x:1"]) == 2
    assert main(["sweep", "uplift.toml", "--only-failed", "--out", "new"]) == 2
    assert main(["sweep", "uplift.toml", "--cluster", "nonsense", "--out", "new", "--quiet"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 4
    assert not any("Traceback" in line for line in lines)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("workers", ["1", "2"])
def test_ctrl_c_is_polite(swept, tmp_path, workers):
    command = [sys.executable, "-m", "labsim", "sweep", "uplift.toml", "--workers", workers]
    command += ["--out", str(tmp_path / "out"), "--lang", "sv"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(part for part in sys.path if part)}
    process = subprocess.Popen(
        command, cwd=swept, env=environment, stderr=subprocess.PIPE, stdout=subprocess.PIPE,
        text=True, process_group=0,
    )  # fmt: skip
    journal = tmp_path / "out" / "journal.jsonl"
    while not journal.exists() or journal.read_bytes().count(b"\n") < 2:
        assert process.poll() is None
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    out, err = process.communicate()
    assert process.returncode == 130, err
    assert out == ""
    assert err.splitlines()[-1].startswith("avbruten; ")
    assert "Traceback" not in err
    labsim.sweep(swept / "uplift.toml", out=tmp_path / "out", resume=True)
    same = (swept / "results" / "uplift" / "runs.parquet").read_bytes()
    assert (tmp_path / "out" / "runs.parquet").read_bytes() == same


def test_unfinished_results_say_so(swept, tmp_path):
    (tmp_path / "journal.jsonl").write_text(json.dumps({"key": "x"}) + "\n")
    with pytest.raises(NoResults, match="unfinished"):
        labsim.open_results(tmp_path)
