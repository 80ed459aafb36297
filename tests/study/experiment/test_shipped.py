"""The experiments that come with labsim can be run, and speak every language."""

from __future__ import annotations

from pathlib import Path

import pytest

from labsim.study.experiment import load_experiment

FILES = sorted((Path(__file__).parents[3] / "experiments").glob("*.toml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_it_can_be_run(file: Path) -> None:
    found = load_experiment(file)
    assert set(found.title) == {"en", "fi", "sv"}
    assert found.points * len(found.designs) * (found.replications or 1) > 1
    assert found.warnings == ()


def test_the_fee_share_changes_nothing_but_the_price() -> None:
    [file] = [file for file in FILES if file.stem == "focus-fee-share"]
    found = load_experiment(file)
    nothing, everything = (
        [found.scenario(point, design) for design in found.designs]
        for point in (0, found.points - 1)
    )
    assert {item.contract.outcome_share for item in nothing} == {0.0}
    assert {item.contract.outcome_share for item in everything} == {1.0}
    assert len({item.referral.model_dump_json() for item in nothing + everything}) == 1
    assert len({item.coaching.model_dump_json() for item in nothing + everything}) == 1
