"""``labsim validate``: the files it writes, what it prints, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from labsim.cli import main
from labsim.evidence import facts, standings

HEAD = ["id", "source", "status", "published", "simulated", "low", "high", "verdict"]
CHEAP = ("PREF-01", "FEE-15", "REF-19", "FIN-01")
"""One experiment on firms, and facts that need none."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("validate") / "out"
    code = main(["validate", *CHEAP, "--replications", "2", "--workers", "1", "--quiet",
                 "--out", str(out)])  # fmt: skip
    assert code == 0
    return out


def test_the_table_keeps_its_contract(folder: Path) -> None:
    table = pd.read_csv(folder / "validation.csv")
    assert list(table.columns)[: len(HEAD)] == HEAD
    assert sorted(table["id"]) == sorted(CHEAP)
    assert set(table["verdict"]) <= {
        "inside", "outside", "inconclusive", "not-simulated", "input",
    }  # fmt: skip
    for row in table.to_dict("records"):
        fact = facts()[row["id"]]
        assert (row["source"], row["status"]) == (fact.source, fact.kind)
        standing = standings().get(fact.id)
        if standing is not None:
            assert row["verdict"] == standing.verdict
        assert isinstance(row["how"], str)


def test_everything_is_in_the_folder(folder: Path) -> None:
    assert sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.*")) == [
        "charts/validation.png", "charts/validation.svg", "differences.csv", "manifest.json",
        "validation.csv",
    ]  # fmt: skip
    differences = pd.read_csv(folder / "differences.csv")
    assert list(differences.columns) == ["pilot", "key", "value", "status", "source", "shared"]


def test_the_screen_begins_with_the_score_and_ends_with_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert main(["validate", "PREF-01", "FIN-01", "--out", str(out)]) == 0
    lines = capsys.readouterr().out.split("\n")
    assert lines[0] == "None of the facts asked for can be checked."
    assert lines[1].startswith("1 more were put in")
    assert any("tehostettu-tyonvalitys: population.ability_mean = 8.0" in line for line in lines)
    assert f"Every fact is in {out / 'validation.csv'}." in lines
    assert all(len(line) <= 100 or "/" in line for line in lines)


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["REF-2l"], "there is no fact 'REF-2l'; did you mean '"),
        (["nothing at all"], "there is no fact 'nothing at all' (see: labsim validate --help)"),
        (["--replications", "0"], "--replications must be 1 or more (got 0)"),
        (["--replications", "x"], "Invalid value for '--replications'"),
        (["--workers", "0"], "Invalid value for '--workers'"),
    ],
)
def test_bad_usage_is_one_plain_line(
    arguments: list[str], line: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["validate", *arguments, "--out", str(tmp_path / "x")]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(line)
    assert err.count("\n") == 1
    assert not (tmp_path / "x").exists()


def test_a_folder_that_exists_is_not_replaced(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["validate", "PREF-01", "--out", str(folder)]) == 2
    assert "exists already" in capsys.readouterr().err
    assert main(["validate", "PREF-01", "--out", str(folder), "--force", "--quiet"]) == 0
    assert len(pd.read_csv(folder / "validation.csv")) == 1
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    assert main(["validate", "PREF-01", "--out", str(folder), "--force"]) == 2
