"""What a planner is told of shocks, joint work and services to firms that cannot work."""

from __future__ import annotations

import pytest

from labsim.scenario import load
from labsim.scenario.findings import BadInput


def told(*settings: str, file: str = "") -> list[str]:
    """Return the errors, or else the warnings, of settings over the defaults."""
    try:
        return [str(finding) for finding in load("finland", settings=settings).warnings]
    except BadInput as error:
        return [str(finding) for finding in error.findings]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (["partnership.coordinator_share=0.5"], "nobody has 2 needs or more"),
        (["employers.firms=9", "labour_market.matching_elasticity=1.0"], "more vacancies known"),
        (["employers.firms=9", "employers.start_week=900"], "no firm is served"),
        (["employers.firms=9", "employers.weeks=5", "employers.join_weeks=6"], "never join"),
        (["employers.firms=9", "employers.weeks=3"], "firms are never asked"),
        (['employers.areas=["nowhere"]'], "'nowhere' is not an area"),
        (['employers.sectors=["none"]'], "'none' is not a sector"),
        (['employers.payment="feedback"'], "give the euros for a point"),
        (["employers.eur_per_point=3.0"], 'only with payment = "feedback"'),
        (["labour_market.businesses.light_share=0.7", "labour_market.businesses.gig_share=0.7"],
         "more than 1 together with"),
    ],
)  # fmt: skip
def test_what_cannot_work_is_told_in_a_line(settings, words):
    found = told(*settings)
    assert [line for line in found if words in line], found


def test_nothing_is_told_of_a_whole_market():
    assert not [line for line in told() if "partnership" in line or "employers" in line]


def test_shocks_in_a_file(tmp_path):
    file = tmp_path / "shocks.toml"
    file.write_text(
        '[[labour_market.shocks]]\nname = "late"\nstart_week = 900\nweeks = 2\nhiring = 0.5\n'
        '[[labour_market.shocks]]\nname = "spring"\nlike = "spring-2020"\nstart_week = 9\n'
        "weeks = 9\n"
    )
    loaded = load(file, settings=["labour_market.shocks.spring.hiring=0.25"])
    assert [shock.name for shock in loaded.scenario.labour_market.shocks] == ["late", "spring"]
    assert loaded.scenario.labour_market.shocks[1].hiring == 0.25
    assert [str(each) for each in loaded.warnings if "it changes nothing" in str(each)]
    file.write_text('[[labour_market.shocks]]\nname = "none"\nstart_week = 9\nweeks = 2\n')
    with pytest.raises(BadInput, match="does nothing: say what it is like"):
        load(file)
