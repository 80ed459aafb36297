"""What a valid scenario becomes: layers, designs, settings, origins, sources, warnings."""

# ruff: noqa: E501, ISC004 - lines as a user reads them

from __future__ import annotations

import json
import pickle

import pytest

from labsim.scenario import BadInput, Loaded, Scenario, from_resolved, load
from labsim.scenario.shipped import ids
from labsim.scenario.text import in_language
from tests.scenario.conftest import Faults, Write

BASE = """\
title = { en = "Base", fi = "Pohja" }
[referral]
volume = 500
[contract]
outcome_share = 0.4
expected_spend_per_start_eur = 800
expected_outcome_rate = 0.6
[[contract.fees]]
name = "sustained job"
on = "outcome"
outcome = ["employment"]
sustained_days = 90
eur = 1500
[[contract.fees]]
name = "month"
on = "month"
eur = 100
[[contract.groups]]
name = "young"
when = { age_max = 29 }
[[contract.groups]]
name = "all"
when = {}
[sources]
referral.volume = "verified: page 3"
'contract.fees."sustained job"' = "derived: from the tender"
"""


@pytest.fixture
def base(write: Write) -> str:
    return write(BASE, "base.toml")


def of(loaded: Loaded, key: str) -> str:
    """Place and evidence of a value, as text."""
    [value] = [value for value in loaded.values() if value.key == key]
    place = f"{value.origin.file}:{value.origin.line}" if value.origin else "-"
    return f"{place} {value.source[0]} {value.source[1]}".strip()


def test_tables_merge_and_lists_replace(base: str, write: Write) -> None:
    write('extends = "base.toml"\n[referral]\nweeks = 40\n[referral.target]\neducation = ["basic"]')
    write(
        'extends = "mine.toml"\n[referral.target]\neducation = ["tertiary"]\nage_min = 20',
        "top.toml",
    )
    referral = load("top.toml").scenario.referral
    assert (referral.volume, referral.weeks) == (500, 40)
    assert (referral.target.education, referral.target.age_min) == (["tertiary"], 20)


def test_fees_and_groups_merge_by_name(base: str, write: Write) -> None:
    write(
        'extends = "base.toml"\n'
        '[[contract.fees]]\nname = "month"\neur = 50\n'
        '[[contract.fees]]\nname = "start"\non = "start"\neur = 10\n'
        '[[contract.groups]]\nname = "young"\nwhen = { age_max = 24 }\n'
    )
    contract = load("mine.toml").scenario.contract
    assert [(fee.name, fee.eur) for fee in contract.fees] == [
        ("sustained job", 1500),
        ("month", 50),
        ("start", 10),
    ]
    assert [group.when.age_max for group in contract.groups] == [24, None]


def test_an_empty_list_of_fees_clears_it(base: str, write: Write) -> None:
    write('extends = "base.toml"\n[contract]\ngroups = []')
    assert load("mine.toml").scenario.contract.groups == []


def test_areas_and_titles_are_replaced_as_a_whole(base: str, write: Write) -> None:
    write('extends = "base.toml"\ntitle = "Mine"\n[population]\nareas = { a = 0.5, b = 0.5 }')
    scenario = load("mine.toml").scenario
    assert scenario.population.areas == {"a": 0.5, "b": 0.5}
    assert in_language(scenario.title, "fi") == "Mine"


def test_providers_are_replaced_and_completed(write: Write) -> None:
    write('[[providers]]\nname = "A"\nskill = 2.0\n[[providers]]\nname = "B"')
    loaded = load("mine.toml")
    assert [provider.name for provider in loaded.scenario.providers] == ["A", "B"]
    assert of(loaded, "providers.A.skill") == "mine.toml:3 assumption"
    assert of(loaded, "providers.A.name") == "mine.toml:2 choice"
    assert of(loaded, "providers.B.coach_week_eur").startswith("scenarios/defaults/finland.toml:")
    assert " memory P 7" in of(loaded, "providers.B.coach_week_eur")


def test_a_file_that_extends_an_id_and_changes_two_fees(write: Write) -> None:
    write(
        'extends = "focus-tyopolut"\n'
        '[[contract.fees]]\nname = "monthly fee"\neur = 70\n'
        '[[contract.fees]]\nname = "job of three months"\neur = 900\n'
    )
    fees = {fee.name: fee for fee in load("mine.toml").scenario.contract.fees}
    assert fees["monthly fee"].eur == 70
    assert fees["job of three months"].sustained_days is not None


# Designs


def test_a_design_that_lists_fees_replaces_the_list(base: str, write: Write) -> None:
    write(
        'title = "Design"\n[contract]\noutcome_share = 1.0\n'
        '[[contract.fees]]\nname = "sustained job"\neur = 2000',
        "jobs-only.toml",
    )
    loaded = load("base.toml", design="jobs-only.toml")
    [fee] = loaded.scenario.contract.fees
    assert (fee.name, fee.eur, fee.sustained_days) == ("sustained job", 2000, 90)
    assert loaded.scenario.contract.expected_outcome_rate == 0.6
    assert [group.name for group in loaded.scenario.contract.groups] == ["young", "all"]
    assert (loaded.name, loaded.design) == ("base", "jobs-only")
    assert of(loaded, 'contract.fees."sustained job".eur') == "jobs-only.toml:6 assumption"
    assert of(loaded, 'contract.fees."sustained job".sustained_days') == (
        "base.toml:12 derived from the tender"
    )


def test_a_design_may_extend_a_design(base: str, write: Write) -> None:
    write('extends = "mixed"\n[[contract.fees]]\nname = "monthly fee"\neur = 7', "mine.toml")
    fees = load("base.toml", design="mine.toml").scenario.contract.fees
    names = [fee.name for fee in load("base.toml", design="mixed").scenario.contract.fees]
    assert [fee.name for fee in fees] == names
    assert {fee.name: fee.eur for fee in fees}["monthly fee"] == 7


def test_own_is_no_design(base: str) -> None:
    own = load("base.toml", design="own")
    assert own.design == "own"
    assert own.scenario == load("base.toml").scenario


def test_sections_that_a_design_may_not_change(base: str, faults: Faults, write: Write) -> None:
    write(
        "[run]\nweeks = 3\n[office]\nhours_per_referral = 1\n[population]\nregister = 3", "d.toml"
    )
    assert faults('extends = "base.toml"', design="d.toml") == [
        f"d.toml:{line}: {section}: a design may not change this;"
        " it may change referral, procurement, contract, providers, office, partnership,"
        " employers"
        for line, section in ((1, "run"), (5, "population"))
    ]


def test_faults_of_scenario_and_design_come_together(faults: Faults, write: Write) -> None:
    write("[contract]\nweks = 3", "d.toml")
    found = faults("[run]\nweeks = -3", design="d.toml")
    assert [line.split(": ")[0] for line in found] == ["mine.toml:2", "d.toml:2"]


def test_unknown_design(faults: Faults) -> None:
    [line] = faults("", design="mixd")
    assert line == "mixd: no file and no shipped scenario is called 'mixd'; did you mean 'mixed'?"


# Settings


def test_settings_win_over_everything(base: str, write: Write) -> None:
    write('[[contract.fees]]\nname = "month"\neur = 50', "d.toml")
    loaded = load(
        "base.toml",
        settings=[
            "contract.fees.month.eur=1",
            "contract.fees.month.eur=2",
            "run.seed = 7",
            "run.start_date=2020-01-06",
            "labour_market.setting=2025",
            "referral.regime=lottery",
            "contract.outcome_share=0",
            'title="Set"',
            "providers.provider.skill=2",
        ],
        design="d.toml",
    )
    scenario = loaded.scenario
    assert scenario.contract.fees[0].eur == 2
    assert scenario.run.seed == 7
    assert str(scenario.run.start_date) == "2020-01-06"
    assert scenario.labour_market.setting == "2025"
    assert scenario.referral.regime == "lottery"
    assert scenario.providers[0].skill == 2
    assert of(loaded, "contract.fees.month.eur") == "--set:None assumption"


def test_single_areas_can_be_set(write: Write) -> None:
    write("[population]\nareas = { a = 0.5, b = 0.5 }")
    loaded = load("mine.toml", settings=["population.areas.a=0.25", "population.areas.b=0.75"])
    assert loaded.scenario.population.areas == {"a": 0.25, "b": 0.75}
    whole = load("mine.toml", settings=["population.areas={c=1.0}"])
    assert whole.scenario.population.areas == {"c": 1.0}


# Origins and sources


def test_nearest_statement_holds(base: str, write: Write) -> None:
    write(
        'extends = "base.toml"\n[referral]\nweeks = 40\n[run]\nweeks = 140\n'
        '[sources]\n"referral.weeks" = "memory: they said so"\n'
        'contract.fees.month.eur = "verified: contract, page 2"\n'
    )
    loaded = load("mine.toml")
    assert of(loaded, "referral.weeks") == "mine.toml:3 memory they said so"
    assert of(loaded, "referral.volume") == "base.toml:3 verified page 3"
    assert of(loaded, "contract.fees.month.eur") == "base.toml:17 verified contract, page 2"
    assert of(loaded, 'contract.fees."sustained job".eur') == "base.toml:13 derived from the tender"
    assert of(loaded, "contract.expected_outcome_rate") == "base.toml:7 assumption"
    assert of(loaded, "run.weeks") == "mine.toml:5 choice"
    assert "verified P 2" in of(loaded, "labour_market.jobs.permanent_full_time")


def test_a_new_value_does_not_inherit_the_old_source(base: str, write: Write) -> None:
    write('extends = "base.toml"\n[referral]\nvolume = 100')
    assert of(load("mine.toml"), "referral.volume") == "mine.toml:3 assumption"


def test_values_cover_every_part(base: str) -> None:
    loaded = load("base.toml")
    values = {value.key: value for value in loaded.values()}
    assert values['contract.fees."sustained job".sustained_days'].unit == "days"
    assert values["title"].value == {"en": "Base", "fi": "Pohja"}
    assert all(value.description for value in values.values())
    assert "referral.volume" not in {value.key for value in loaded.assumptions()}
    assert values["referral.volume"].is_set
    assert not values["referral.weeks"].is_set
    assert not values["referral.target.age_min"].is_set


# Warnings


JOB = '[[contract.fees]]\nname = "job"\non = "outcome"\noutcome = ["employment"]\neur = 9\n'


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            "[run]\nweeks = 50",
            "mine.toml:2: warning: run.weeks: the run ends in week 50, before the last week that the"
            " contract pays for (week 117)",
        ),
        (
            "[referral]\nvolume = 0",
            "mine.toml:2: warning: referral.volume: is 0: nobody will be referred",
        ),
        (
            "[office]\ncaseworkers = 0",
            "mine.toml:2: warning: office.caseworkers: "
            "is 0: nobody will be referred, because the office has no time for it",
        ),
        (
            "[office]\nreferral_team = 0",
            "mine.toml:2: warning: office.referral_team: "
            "is 0: nobody will be referred, because the office has no time for it",
        ),
        (
            '[referral]\nregime = "advisor"\n[office]\nadvice_share = 0.0',
            "mine.toml:4: warning: office.advice_share: "
            "is 0: nobody will be referred, because the office has no time for it",
        ),
        (
            "[population]\nregister = 10\ninflow_per_week = 0\n[referral]\nvolume = 11",
            "mine.toml:5: warning: referral.volume: 11 people are to be referred, but only 10 will ever"
            " be on the register",
        ),
        (
            "[contract]\nlast_payable_week = 18\nverification_lag_weeks = 3\n"
            f"{JOB}sustained_days = 90",
            "mine.toml:9: warning: contract.fees.job.sustained_days: can never be paid: 13 weeks to"
            " last and 3 to be proved do not fit into the 15 weeks in which the contract pays",
        ),
        (
            f'[contract]\nverification = "notice"\nnotice_chance = 0.0\n{JOB}',
            "mine.toml:3: warning: contract.notice_chance: is 0, and no fee pays for an outcome"
            " without notice: no outcome can be paid",
        ),
        (
            '[referral]\nregime = "self"',
            "mine.toml:2: warning: referral.regime: nobody will come by himself or herself: no provider"
            " that clients go to has marketing above 0",
        ),
        (
            "[referral]\nalso_self = true\n[referral.marketing]\ninquiries_per_month = 0.0\n"
            '[[providers]]\nname = "A"\nmarketing = 5.0',
            "mine.toml:4: warning: referral.marketing.inquiries_per_month: is 0: nobody will come by"
            " himself or herself",
        ),
        (
            "[referral.marketing]\naimed_factor = 2.0",
            "mine.toml:2: warning: referral.marketing.aimed_factor: is set, but"
            " referral.marketing.aimed_at names nobody in particular: it holds for everybody",
        ),
        (
            '[[providers]]\nname = "A"\nplaces = 0',
            "mine.toml:3: warning: providers.A.places: is 0 for all providers that clients go to:"
            " nobody can start",
        ),
    ],
)
def test_warnings(write: Write, text: str, line: str) -> None:
    assert line in [str(warning) for warning in load(write(text)).warnings]


def test_no_warning_where_proof_just_fits(write: Write) -> None:
    # Weeks 4 to 18, complete in week 16 at the earliest: a lag of 2 fits.
    text = "[contract]\nlast_payable_week = 18\nverification_lag_weeks = 2\n"
    found = load(write(f"{text}{JOB}sustained_days = 90")).warnings
    assert not [each for each in found if "proved" in str(each)]
    notice = '[contract]\nverification = "notice"\nnotice_chance = 0.0\n'
    found = load(write(f"{notice}{JOB}eur_unnotified = 1")).warnings
    assert not [each for each in found if "notice" in str(each)]


def test_warning_about_a_default_is_shown_where_the_user_set_something(write: Write) -> None:
    [warning] = load(write("[contract]\nweeks = 120")).warnings
    assert str(warning).startswith("mine.toml:2: warning: contract.weeks: the run ends")


# Plain data, shipped files


@pytest.mark.parametrize(
    ("folder", "name"), [(folder, name) for folder, names in ids().items() for name in names]
)
def test_everything_shipped_is_valid_and_survives_json(folder: str, name: str) -> None:
    loaded = load("finland", design=name) if folder == "designs" else load(f"{folder}/{name}")
    assert loaded.warnings == []
    data = json.loads(json.dumps(loaded.resolved(), allow_nan=False))
    assert from_resolved(data) == loaded.scenario


@pytest.mark.parametrize("pilot", ids()["pilots"])
def test_every_design_fits_every_pilot(pilot: str) -> None:
    for design in ids()["designs"]:
        assert load(pilot, design=design).design == design


def test_the_resolved_scenario_is_a_valid_scenario() -> None:
    assert load("finland").scenario == Scenario()


def test_loaded_and_errors_travel_between_processes(base: str) -> None:
    loaded = load("base.toml")
    assert pickle.loads(pickle.dumps(loaded)) == loaded
    with pytest.raises(BadInput) as caught:
        load("base.toml", settings=["run.weeks=0"])
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
