"""Every form of fee in words, and in examples that the real purchaser pays."""

from __future__ import annotations

from typing import Any

import pytest

from labsim.scenario.schema import Scenario
from labsim.study.contracts import fee_lines
from labsim.study.examples import examples
from labsim.study.explain import explain
from labsim.words import Words

WORDS = Words()
JOB: dict[str, Any] = {"on": "outcome", "outcome": ["employment"], "eur": 100.0}
FORMS: list[tuple[dict[str, Any], str]] = [
    ({"on": "referral", "eur": 10.0}, "everybody who is sent to a provider"),
    ({"on": "unit", "unit": "course", "eur": 90.0, "from_service_week": 2}, "a course in week 3"),
    (
        {"on": "unit", "unit": "course", "eur": 9.0, "every_days": 14, "times": 3},
        "every course; it is given in weeks 1, 3 and 5",
    ),
    ({"on": "feedback", "eur": 8.0, "least_score": 3.0}, "is above 3.0"),
    ({"on": "feedback", "instrument": "firms", "eur": 8.0}, "a provider's firms' answers"),
    ({"on": "progress", "instrument": "work_ability", "eur": 8.0}, "work ability is measured"),
    (
        {"on": "progress", "instrument": "radar", "eur": 8.0, "target_change": 0.5},
        "risen by 0.5 points or more",
    ),
    (
        {"on": "group-change", "counts": ["employment", "education"], "before_weeks": 26,
         "eur": 4.0},
        "more days in work or education in the 26 weeks after",
    ),
    ({"on": "impact", "counts": ["employment"], "eur": 4.0}, "those drawn in the lottery have"),
    ({"on": "impact", "counts": ["benefits"], "share": 0.5}, "of what those drawn"),
    (JOB | {"accumulated_days": 60}, "added up to 60"),
    (JOB | {"sustained_days": 30, "every_days": 30, "times": 6}, "paid 6 times in all"),
    (JOB | {"once": False, "max_per_client": 3.0}, "3 at most for a client"),
    (JOB | {"needs_service_in_work": True}, "at least 0.08 hours of support"),
    ({"on": "outcome", "outcome": ["work-condition"], "eur": 9.0}, "the work condition (26 weeks)"),
    (
        {"on": "outcome", "outcome": ["municipal-support-day"], "eur": 9.0},
        "the municipality pays nothing",
    ),
]  # fmt: skip


def scenario(*fees: dict[str, Any], **contract: Any) -> Scenario:
    named = [fee | {"name": f"fee {n}"} for n, fee in enumerate(fees)]
    return Scenario.model_validate({"contract": {"fees": named} | contract})


@pytest.mark.parametrize(("fee", "said"), FORMS)
def test_every_form_is_said_and_played(fee: dict[str, Any], said: str) -> None:
    setup = scenario(fee)
    [line] = fee_lines(setup, WORDS)
    assert said in line
    assert explain(setup, WORDS)
    assert len(examples(setup, WORDS)) == 5


def test_examples_of_scores_by_hand() -> None:
    """Scripted clients answer 3.75, as is usual, and come on by a point in each score."""
    answers = {"on": "feedback", "eur": 8.0, "least_score": 3.0}
    ability = {"on": "progress", "instrument": "work_ability", "eur": 50.0}
    found = examples(scenario(answers, ability), WORDS)
    assert [example.cents for example in found] == 5 * [600 + 5_000]


def test_examples_of_a_lasting_job_by_hand() -> None:
    fee = JOB | {"sustained_days": 30, "every_days": 30, "times": 3}
    lasting, short, *_ = examples(scenario(fee), WORDS)
    # Five, nine and 13 weeks; the second job lasts eight.
    assert lasting.cents == 3 * 10_000
    assert short.cents == 10_000


def test_purse_and_guarantee_are_said() -> None:
    month = {"on": "month", "eur": 43.0}
    setup = scenario(month, client_budget_eur=100.0, minimum_volume=7, minimum_volume_eur=12.0)
    told = " ".join(line for block in explain(setup, WORDS) for line in block.paragraphs)
    assert "a purse of 100.00 EUR" in told
    assert "guarantees 7 starts" in told
    assert all(example.cents <= 10_000 for example in examples(setup, WORDS))
