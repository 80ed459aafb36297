"""What a planner sees fits the terminal, whatever names people give."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labsim.present import Results, render_screen
from labsim.present.clean import width
from labsim.present.screen import COLUMNS
from labsim.words import Words
from tests.present.frames import TWELVE, make_results

WORDS = Words("en")
HOSTILE = {
    "template": "{{7*7}} {title} %s",
    "script": "<script>alert(1)</script> & more",
    "math": "$x^$ and \\frac{",
    "escapes": "\x1b[31mred\x1b[0m \x07 \x00",
    "newlines": "two\nlines\r\nand\ttabs",
    "long": "very long title " * 130,
    "unbroken": "x" * 2000,
    "wide": "就業支援" * 60 + " \U0001f600",
    "override": "\u202ereversed\u202c \u200b",
}


def test_findings_then_numbers_then_files(results: Results) -> None:
    text = render_screen(results, WORDS, "results/x/report.html")
    title, findings, table, files = text.rstrip("\n").split("\n\n")
    assert title.startswith("Focus Työpolut, Pirkanmaa - 6 designs, 20 replications")
    assert "the same people in each (about 1,940) - 41 s" in title
    assert "lasting jobs" in findings
    assert "hourly (reference)" in table
    assert "difference to hourly:" in table
    assert "2 of the values set rest on assumption" in files
    assert "  results/x/report.html" in files.splitlines()


def test_the_table_gives_levels_then_differences(results: Results) -> None:
    lines = render_screen(results, WORDS).splitlines()
    row = {line.split()[0]: i for i, line in enumerate(lines) if line.startswith("  ")}
    summary = results.summary.set_index(["design", "indicator"])
    jobs = summary.loc[("hourly", "net_jobs_90d")]
    assert f"{jobs['mean']:.1f}" in lines[row["hourly"]]
    assert f"{jobs['mean_low']:.1f} to {jobs['mean_high']:.1f}" in lines[row["hourly"] + 1]
    gap = summary.loc[("no-cure-no-pay", "hours_far")]
    assert f"{gap['difference']:.1f}*" in lines[row["no-cure-no-pay"]]


@pytest.mark.parametrize("count", [1, 2, 7, 12])
@pytest.mark.parametrize("replications", [1, 12])
def test_every_line_fits(count: int, replications: int) -> None:
    results = make_results(TWELVE[:count], replications, weeks=2)
    lines = render_screen(results, WORDS, "results/x/report.html").splitlines()
    assert max(map(width, lines)) <= COLUMNS


@pytest.mark.parametrize("title", HOSTILE.values(), ids=HOSTILE)
def test_hostile_titles_are_shown_inert(title: str) -> None:
    results = make_results([title, f"{title}!"], 3, weeks=2, title={"": title, "fi": title})
    text = render_screen(results, WORDS)
    assert max(map(width, text.splitlines())) <= COLUMNS
    assert not [c for c in text if c != "\n" and (ord(c) < 32 or c in "\x7f\u202e\u200b")]
    assert "49" not in text.splitlines()[0]


@given(st.lists(st.text(min_size=1), min_size=1, max_size=4, unique=True), st.text())
@settings(max_examples=25, deadline=None)
def test_any_names_fit(names: list[str], title: str) -> None:
    results = make_results(["a", "b", "c", "d"][: len(names)], 2, weeks=1, title=title)
    summary = results.summary.copy()
    renamed = dict(zip("abcd", names, strict=False))
    summary["design"] = summary["design"].map(renamed)
    results.manifest["designs"][:] = [{"id": name, "title": None} for name in names]  # type: ignore[index]
    text = render_screen(replace(results, summary=summary), WORDS)
    assert max(map(width, text.splitlines())) <= COLUMNS


@given(st.floats(-1e9, 1e9), st.floats(0, 1e9))
@settings(max_examples=30, deadline=None)
def test_any_numbers_fit(value: float, half: float) -> None:
    results = make_results(["own", "other"], 2, weeks=1)
    summary = results.summary.copy()
    summary[["mean", "difference"]] = value
    summary[["mean_low", "difference_low"]] = value - half
    summary[["mean_high", "difference_high"]] = value + half
    text = render_screen(replace(results, summary=summary), WORDS)
    assert max(map(width, text.splitlines())) <= COLUMNS


def test_ascii_terminals_get_ascii(results: Results) -> None:
    text = render_screen(results, WORDS, "results/x/report.html", encoding="ascii")
    assert text.isascii()
    assert "Focus Ty?polut" in text


def test_undefined_numbers_are_dashes_with_a_note(results: Results) -> None:
    summary = results.summary.copy()
    cost = summary["indicator"] == "purchaser_cost_per_net_job_eur"
    summary.loc[cost, "mean":] = np.nan
    text = render_screen(replace(results, summary=summary), WORDS)
    assert "-: cannot be told" in text
    assert "nan" not in text


def test_an_interrupted_run_says_so() -> None:
    results = make_results(TWELVE[:2], 5, weeks=2, interrupted=True, planned=50)
    text = render_screen(results, WORDS)
    assert "Stopped early: 5 of 50 replications were finished" in text


def test_nothing_finished_is_survived() -> None:
    results = make_results(TWELVE[:2], 2, weeks=2)
    empty = replace(
        results, summary=results.summary.iloc[:0], manifest={**results.manifest, "completed": 0}
    )
    assert "no replication was finished" in render_screen(empty, WORDS)


def test_the_same_frames_give_the_same_screen(results: Results) -> None:
    assert render_screen(results, WORDS, "r") == render_screen(make_results(), WORDS, "r")
