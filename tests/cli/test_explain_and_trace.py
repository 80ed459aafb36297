"""`labsim explain` and `labsim trace` as the user meets them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from labsim.cli import main
from labsim.scenario import shipped

Run = Callable[..., tuple[int, str, str]]
SMALL = """
extends = "focus-tyopolut"
[run]
weeks = 60
[population]
register = 300
[referral]
volume = 60
start_week = 2
weeks = 10
[contract]
start_week = 2
weeks = 30
service_weeks_max = 15
tracking_weeks = 20
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    (tmp_path / "small.toml").write_text(SMALL, encoding="utf-8")
    (tmp_path / "bad.toml").write_text("[contract]\nweek = 3\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main([*arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return run


@pytest.mark.parametrize("design", ["own", *shipped.ids()["designs"]])
def test_explain_fits_and_says_everything(run: Run, design: str) -> None:
    code, out, err = run("explain", "focus-tyopolut", "--design", design)
    assert (code, err) == (0, "")
    assert max(len(line) for line in out.splitlines()) <= 100
    for part in ("Who may come", "What is paid", "What is not paid", "5. ", "in all", "EUR"):
        assert part in out
    assert ("How it is bought" in out) == (design != "own")


@pytest.mark.parametrize("file", [id_ for folder in shipped.ids().values() for id_ in folder])
def test_every_shipped_file_is_explained(run: Run, file: str) -> None:
    code, out, err = run("explain", file)
    assert (code, err) == (0, "")
    assert "What is paid" in out or "Services to firms" in out


def test_explain_schedule_is_a_numbered_list(run: Run) -> None:
    code, out, _ = run("explain", "schedule")
    assert code == 0
    assert "  1  economy" in out
    assert " 14  observation" in out
    assert run("explain", "schedule", "--assumptions")[0] == 2


def test_assumptions_fit_and_are_counted(run: Run) -> None:
    code, out, _ = run("explain", "focus-tyopolut", "--assumptions")
    assert code == 0
    assert max(len(line) for line in out.splitlines()) <= 100
    assert "from memory, unverified: " in out
    assert "Values set: verified" in out
    assert "scenarios/pilots/focus-tyopolut.toml:" in out


def test_set_reaches_the_contract(run: Run) -> None:
    fee = 'contract.fees."monthly fee".eur=200'
    plain = run("explain", "small.toml")[1]
    _, out, _ = run("explain", "small.toml", "--set", "contract.service_weeks_max=9")
    assert "served for 15 weeks" not in out
    assert "served for 9 weeks" in out.replace("One client is ", "")
    assert "monthly fee: 200.00 EUR" not in plain
    assert "monthly fee: 200.00 EUR" in run("explain", "small.toml", "--set", fee)[1]


def test_trace_fits_and_repeats(run: Run) -> None:
    first = run("trace", "small.toml", "--person", "7", "--quiet")
    assert first[0] == 0
    assert first[2] == ""
    assert max(len(line) for line in first[1].splitlines()) <= 100
    assert "What it came to" in first[1]
    assert run("trace", "small.toml", "--person", "7", "--quiet") == first
    assert run("trace", "small.toml", "--person", "7", "--quiet", "--seed", "9") != first
    assert run("trace", "small.toml", "--person", "7", "--quiet", "--replication", "1") != first


def test_trace_names_people_who_start(run: Run) -> None:
    for person in range(20):
        _, out, _ = run("trace", "small.toml", "--person", str(person), "--quiet")
        if "never starts" in out:
            break
    found = next(line for line in out.splitlines() if line.startswith("Some who start it"))
    starter = found.split("--person ")[1].split(",")[0]
    out = run("trace", "small.toml", "--person", starter, "--design", "hourly", "--quiet")[1]
    assert "starts the service with Focus provider" in out
    assert "client hour" in out
    assert "How it is bought: Hourly pay" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("explain", "nofile.toml"), "nofile.toml: no such file"),
        (("explain", "bad.toml"), "bad.toml:2: contract.week: unknown key"),
        (("explain", "small.toml", "--design", "nothing"), "nothing: no file"),
        (("explain", "small.toml", "--set", "run.weeks=x"), "--set: "),
        (("trace", "bad.toml", "--person", "1"), "bad.toml:2: contract.week: unknown key"),
        (("trace", "small.toml"), "--person"),
        (("trace", "small.toml", "--person", "abc"), "whole number from 0 (got abc)"),
        (("trace", "small.toml", "--person", "-1"), "whole number from 0 (got -1)"),
        (("trace", "small.toml", "--person", "1.5"), "whole number from 0 (got 1.5)"),
        (("trace", "small.toml", "--person", "\u0663"), "whole number from 0"),
        (("trace", "small.toml", "--person", "999999"), "nobody has this number"),
        (("trace", "small.toml", "--person", "9" * 30), "whole number"),
        (("trace", "small.toml", "--person", "1", "--replication", "-1"), "0 or more (got -1)"),
        (("trace", "small.toml", "--person", "1", "--seed", "-1"), "run.seed"),
    ],
)
def test_bad_input_is_one_line(run: Run, arguments: tuple[str, ...], said: str) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1
