"""What became of every pilot of the evidence and of every row of its catalogue of designs."""

from __future__ import annotations

import pytest

from labsim.evidence import facts
from labsim.scenario import shipped
from labsim.study.validation import coverage
from labsim.study.validation.coverage import page, pilots, simulated_pilots, ways

PILOTS = 31
"""In the evidence: three programmes, 17 employment pilots, nine business pilots and two ideas."""
EMPLOYMENT = (
    "ict-rekry", "ekatyo", "omavalmentaja", "palvelumanageri", "tehostettu-tyonvalitys",
    "forssa-uusi-toimintamalli", "sujuvat-palvelupolut", "avo", "aimo",
    "pirkanmaan-te-palvelupilotti", "focus-tyopolut", "tyotalo", "rekrytoiva-satakunta",
    "kasvo-etela-savo", "kopakka-kainuu", "keski-suomi-osatyokykyiset",
    "pohjois-savo-haastekilpailu",
)  # fmt: skip
WAYS = 111
"""Rows of the catalogue."""


def test_every_pilot_has_a_scenario_or_a_reason() -> None:
    known = pilots()
    assert len(known) == PILOTS
    assert set(EMPLOYMENT) <= set(shipped.ids()["pilots"])
    for name, each in known.items():
        has_scenario = name in shipped.ids()["pilots"]
        assert has_scenario != bool(each.why), name
        assert set(each.facts) <= set(facts()), name
    assert set(shipped.ids()["pilots"]) <= set(known)


def test_every_row_of_the_catalogue_is_expressed_by_something_that_exists() -> None:
    assert len(ways()) == WAYS
    for way in ways():
        assert way.by, way
        assert set(way.designs) <= set(shipped.ids()["designs"]), way
        assert set(way.scenarios) <= set(shipped.ids()["pilots"]), way


def test_every_design_expresses_something() -> None:
    named = {name for way in ways() for name in way.designs}
    assert set(shipped.ids()["designs"]) - named == set()


@pytest.fixture(scope="module")
def text() -> str:
    tiny = ("population.register=200", "referral.volume=60", "run.weeks=60")
    return page(simulated_pilots(2, 1, tiny), 2)


def test_the_page_lists_every_pilot_with_targets_figures_and_assumptions(text: str) -> None:
    for name, each in pilots().items():
        part = text.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
        assert part, name
        assert all(f"| {fact}: " in part for fact in each.facts), name
        if not each.why:
            assert "| simulated | mean | interval |" in part
            assert "Assumptions:" in part


def test_the_page_lists_every_way_to_buy(text: str) -> None:
    assert sum(
        line.startswith("| ") for line in text.partition("# Ways to buy")[2].split("\n")
    ) >= (WAYS)


def test_the_shipped_page_is_about_what_is_shipped() -> None:
    shown = (shipped.root() / "COVERAGE.md").read_text(encoding="utf-8")
    for name in pilots():
        assert f"\n## {name}\n" in shown
    for way in coverage.ways():
        assert all(f"designs/{name}.toml" in shown for name in way.designs)
