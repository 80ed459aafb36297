"""Points from a table: a column for each key, values typed as in TOML, faults by line."""

# ruff: noqa: E501 - lines as a user reads them

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labsim.scenario import BadInput
from labsim.study.experiment import Experiment, load_experiment
from tests.study.experiment.conftest import HEAD, Load, Write

TABLE = HEAD + 'method = "points"\nfile = "p.csv"\n'


@pytest.fixture
def points(write: Write) -> Load:
    """Load an experiment with a table of points."""

    def points(table: str | bytes, **options: bool) -> Experiment:
        write(table, "p.csv")
        return load_experiment(write(TABLE), **options)

    return points


def faults(points: Load, table: str | bytes) -> list[str]:
    with pytest.raises(BadInput) as caught:
        points(table)
    return str(caught.value).split("\n")


def test_values_are_typed_as_in_toml_and_rows_keep_their_order(points: Load) -> None:
    found = points(
        "coaching.max_uplift,contract.weeks,referral.regime,contract.may_send_back,run.start_date,referral.target.areas,labour_market.setting\n"
        '1,80,central,true,2019-01-07,"[""Pirkanmaa""]",2019\n'
        '0.5,81,"bulk",false,2019-01-14,[],"""2025"""\n'
        '\n'
        '1.0,80,central,true,2019-01-07,"[""Pirkanmaa""]",2019\n',
        check=False,
    )  # fmt: skip
    assert list(found.values(0).values()) == [
        1.0, 80, "central", True, dt.date(2019, 1, 7), ["Pirkanmaa"], "2019",
    ]  # fmt: skip
    assert list(found.values(1).values()) == [
        0.5, 81, "bulk", False, dt.date(2019, 1, 14), [], "2025",
    ]  # fmt: skip
    assert found.values(2) == found.values(0)
    assert found.points == 3
    assert [str(kind) for kind in found.frame().dtypes.iloc[1:3]] == ["float64", "int64"]


def test_a_table_made_of_a_frame_gives_the_same_points(points: Load, load: Load) -> None:
    text = HEAD + 'method = "lhs"\npoints = 20\n[[vary]]\nkey = "coaching.max_uplift"\n'
    text += "[[vary]]\nkey = 'contract.fees.\"monthly fee\".eur'\nuniform = [50, 150]\n"
    text += '[[vary]]\nkey = "contract.verification"\n'
    drawn = load(text)
    found = points(drawn.frame().to_csv(index=False))
    assert found.keys == drawn.keys
    assert found.frame().equals(drawn.frame())
    assert all(
        found.scenario(point, "mixed") == drawn.scenario(point, "mixed") for point in range(20)
    )


def test_a_byte_order_mark_and_windows_lines_do_no_harm(points: Load) -> None:
    found = points("﻿coaching.max_uplift\r\n0.5\r\n0.6\r\n".encode())
    assert [found.values(point)["coaching.max_uplift"] for point in range(2)] == [0.5, 0.6]


def test_columns_of_numbers_keep_no_list_of_their_values(points: Load) -> None:
    found = points(
        "coaching.max_uplift,run.seed\n" + "".join(f"0.{n},{n}\n" for n in range(100, 200))
    )
    real, whole = found.rows.axes
    assert (real.kind, len(real.choices)) == ("uniform", 0)
    assert (whole.kind, len(whole.choices)) == ("integer", 0)
    assert [found.values(point)["run.seed"] for point in (0, 99)] == [100, 199]


EXAMPLES = [
    ("", "p.csv:1: the first line names no key: give each column the key that it sets"),
    ("point\n1\n", "p.csv:1: the first line names no key: give each column the key that it sets"),
    ("coaching.max_uplift\n", "p.csv: has no points: there is nothing to run"),
    ("a b\n1\n", "p.csv:1: is not a key (got a b)"),
    ("coaching.max_upift\n1\n", "p.csv:1: coaching.max_upift: unknown key; did you mean 'max_uplift'?"),
    ("run.replications\n1\n", "p.csv:1: run.replications: cannot vary: say how often in replications, or in stop"),
    ("run.seed,run.seed\n1,2\n", "p.csv:1: run.seed: varies already: run.seed (line 1)"),
    ("run.seed,run.weeks\n1,130\n2\n", "p.csv:3: has 1 cells, and the first line names 2 columns"),
    ('run.seed\n1\n\n 2\n" "\n', "p.csv:5: run.seed: is empty: give every point a value"),
    ("run.seed\n1\n\n\nx\n", 'p.csv:5: run.seed: must be a whole number (got "x") (point 1: run.seed = "x")'),
    ("run.seed\n1\n-1\n-2\n", "p.csv:3: run.seed: must be 0 or more (got -1) (at 2 of 3 points; the first is point 1: run.seed = -1)"),
    ("coaching.max_uplift\nnan\n", "p.csv:2: coaching.max_uplift: must be a finite number (got nan) (point 0: coaching.max_uplift = nan)"),
    ('run.seed\n"1\n', "p.csv:2: is not a table in CSV: unexpected end of data"),
    (b"run.seed\n\xff\n", "p.csv:2: is not UTF-8 (byte 0xff); save the file as UTF-8"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "line"), EXAMPLES)
def test_a_fault_has_its_line(points: Load, table: str | bytes, line: str) -> None:
    assert faults(points, table) == [line]


def test_a_missing_table_is_one_line(write: Write) -> None:
    with pytest.raises(BadInput, match=r"^p\.csv: no such file$"):
        load_experiment(write(TABLE))


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(table=st.text(st.sampled_from("run.seed,point\n\"123 [{='\x00\r\t-é"), max_size=60))
def test_nothing_that_stands_in_a_table_brings_labsim_down(points: Load, table: str) -> None:
    for head in ("", "run.seed\n", "run.seed,coaching.max_uplift\n1,0.5\n"):
        lines = []
        try:
            found = points(head + table)
        except BadInput as error:
            lines = str(error).split("\n")
        assert all(line.isprintable() for line in lines)
        assert lines or found.points > 0
