"""Numbers, names and lines as text."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labsim.present.clean import distinct, in_language, shorten, tidy, width, wrap
from labsim.present.format import Format, rounded
from labsim.present.view import Estimate
from labsim.words import Words

FORM = Format(Words("en"))


@pytest.mark.parametrize(
    ("indicator", "estimate", "difference", "text"),
    [
        ("net_jobs_90d", Estimate(6.14, 4.91, 7.16), False, "6.1 (4.9 to 7.2)"),
        ("net_jobs_90d", Estimate(-0.44, -1.52, 0.68), True, "-0.4 (-1.5 to 0.7)"),
        ("net_jobs_90d", Estimate(0.04, 0.01, 0.09), True, "+0.04 (0.01 to 0.09)"),
        ("net_jobs_90d", Estimate(-0.01, -0.2, 0.2), True, "0.0 (-0.2 to 0.2)"),
        ("fees_eur", Estimate(23_310.4, 19_480.0, 27_140.0), False, "23,300 (19,500 to 27,100)"),
        ("fees_eur", Estimate(620.4, -3500.0, 4733.0), True, "+620 (-3,500 to 4,730)"),
        ("outcome_rate", Estimate(0.581, 0.56, 0.6), False, "58 % (56 to 60)"),
        ("outcome_rate", Estimate(-0.012, -0.02, -0.004), True, "-1.2 pp (-2.0 to -0.4)"),
        ("started", Estimate(640.2, 630.0, 650.0), False, "640 (630 to 650)"),
        ("started", Estimate(3.0), False, "3.0"),
        ("started", Estimate(math.nan), False, "-"),
        ("unheard_of", Estimate(1.25, 1.0, 1.5), False, "1.2 (1.0 to 1.5)"),
    ],
)
def test_a_number_and_its_interval(
    indicator: str, estimate: Estimate, difference: bool, text: str
) -> None:
    assert FORM.both(indicator, estimate, difference) == text


@pytest.mark.parametrize(
    ("eur", "text"),
    [
        (950.4, "950 EUR"),
        (23_310, "23,300 EUR"),
        (1_234_567, "1.23 million EUR"),
        (5e7, "50.0 million EUR"),
    ],
)
def test_amounts(eur: float, text: str) -> None:
    assert FORM.amount(eur) == text


@pytest.mark.parametrize(
    ("names", "text"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_lists(names: list[str], text: str) -> None:
    assert FORM.names(names) == text


def test_numbers_follow_the_language() -> None:
    finnish = Format(Words("fi"))
    assert finnish.value("net_jobs_90d", Estimate(6.14)) == "6,1"
    assert finnish.value("fees_eur", Estimate(23_310)) == "23\u00a0300"


@given(st.floats(-1e12, 1e12))
def test_rounding_keeps_three_digits(value: float) -> None:
    assert abs(rounded(value) - value) <= max(0.5, abs(value) * 0.0051)


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6), st.floats(0, 1e6))
def test_clear_is_when_zero_is_outside(value: float, below: float, above: float) -> None:
    estimate = Estimate(value, value - below, value + above)
    assert bool(estimate.clear) == (not estimate.low <= 0 <= estimate.high)
    assert estimate.times(-2.0).clear == -estimate.clear


@given(st.text(max_size=60), st.integers(4, 30))
def test_tidy_text_is_one_visible_line(text: str, limit: int) -> None:
    line = tidy(text, limit)
    assert width(line) <= limit
    assert line.isprintable()
    assert "\n" not in line


@given(st.text(max_size=120), st.integers(3, 40), st.integers(0, 3))
def test_wrapped_lines_fit(text: str, columns: int, lines: int) -> None:
    broken = wrap(tidy(text), columns, lines)
    assert all(width(line) <= columns for line in broken)
    assert not lines or len(broken) <= lines


@given(st.lists(st.text(max_size=40), max_size=8))
def test_labels_differ(names: list[str]) -> None:
    labels = distinct(names, 12)
    assert len(set(labels)) == len(labels) == len(names)
    assert all(width(label) <= 12 for label in labels)


def test_shortened_text_shows_the_cut() -> None:
    assert shorten("abcdefghij", 8) == "abcde..."
    assert shorten("abcd", 8) == "abcd"


@pytest.mark.parametrize(
    ("title", "language", "text"),
    [
        ("plain", "fi", "plain"),
        ({"": "any", "fi": "suomi"}, "fi", "suomi"),
        ({"": "any", "fi": "suomi"}, "sv", "any"),
        ({"en": "english", "fi": "suomi"}, "sv", "english"),
        ({"fi": "suomi"}, "sv", "suomi"),
        ({}, "en", ""),
        (None, "en", ""),
    ],
)
def test_titles_by_language(title: object, language: str, text: str) -> None:
    assert in_language(title, language) == text
