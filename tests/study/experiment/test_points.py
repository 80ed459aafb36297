"""A point is what `load` makes of the same values as settings: it wins over design and files."""

from __future__ import annotations

import datetime as dt
import json
import pickle
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labsim.scenario import BadInput, Finding
from labsim.scenario import load as load_scenario
from labsim.scenario.overlay import Overlay, Varied
from labsim.scenario.paths import parsed
from labsim.scenario.toml_text import toml
from labsim.study.experiment import Stop, load_experiment
from labsim.study.experiment.declared import indicator_names
from labsim.study.replication import Job, simulate
from tests.builders import scenario
from tests.study.experiment.conftest import HEAD, SHARE, UPLIFT, Load, Write

GRID = HEAD + 'method = "grid"\n'
MONTHLY = 'contract.fees."monthly fee".eur'
JOB = 'contract.fees."job of three months".by_group'

VALUES: dict[str, st.SearchStrategy[Any]] = {
    "contract.outcome_share": st.floats(-0.2, 1.2),
    "contract.weeks": st.integers(-5, 140),
    "coaching.max_uplift": st.floats(-0.1, 2) | st.just("x"),
    MONTHLY: st.sampled_from([0, 50, 99.5, -1]),
    JOB: st.sampled_from([{"near": 1.0, "middle": 1.6, "far": 3.0}, {"near": 1.0}, {"old": 2.0}]),
    JOB + ".far": st.floats(0, 4),
    "population.areas.Pirkanmaa": st.sampled_from([1.0, 0.5]),
    "population.areas": st.sampled_from([{"Pirkanmaa": 1.0}, {"A": 0.5, "B": 0.5}, {"A": 0.4}]),
    'providers."Focus provider".planned_caseload': st.floats(0, 100),
    "referral.regime": st.sampled_from(["central", "bulk", "self", "lotery"]),
    "referral.target.areas": st.sampled_from([["Pirkanmaa"], ["Kainuu"], []]),
    "referral.volume": st.integers(-1, 50_000),
    "run.start_date": st.sampled_from([dt.date(2019, 1, 7), dt.date(1800, 1, 1), "2019-01-07"]),
    "run.weeks": st.integers(0, 200),
    "contract.budget_eur": st.sampled_from([10_000.0, 1e9, 1e10]),
}  # fmt: skip


def told(findings: Iterable[Finding]) -> list[str]:
    return sorted({str(item) for item in findings})


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_an_overlay_accepts_what_load_accepts_and_finds_what_load_finds(
    data: st.DataObject,
) -> None:
    keys = data.draw(
        st.lists(st.sampled_from(list(VALUES)), unique=True, min_size=1, max_size=4).filter(
            lambda keys: not any(a != b and a.startswith(b) for a in keys for b in keys)
        )
    )
    design = data.draw(st.sampled_from(["mixed", "mixed-by-group", "own"]))
    first = {key: data.draw(VALUES[key]) for key in keys}
    values = {key: data.draw(VALUES[key]) for key in keys}
    varied = [Varied(parsed(key) or (), (first[key], values[key]), "--set", None) for key in keys]
    loaded: object = None
    try:
        loaded = load_scenario(
            "focus-tyopolut", design=design,
            settings=[f"{key}={toml(value)}" for key, value in values.items()],
        )  # fmt: skip
        expected = told(loaded.warnings)
    except BadInput as error:
        expected = told(error.findings)
    overlay = Overlay("focus-tyopolut", design, varied)
    found = overlay.faults(list(values.values()))
    errors = told(item for item in found if item.severity == "error")
    if loaded is None:
        assert errors == expected
    else:
        assert errors == []
        assert told([*found, *overlay.warnings]) == expected
        assert overlay.scenario(list(values.values())) == loaded.scenario  # type: ignore[attr-defined]


def test_the_point_wins_over_the_design_and_the_design_over_the_scenario(
    write: Write, load: Load
) -> None:
    write("[contract]\nweeks = 80\ntracking_weeks = 20\nstart_week = 3", "d.toml")
    write('extends = "focus-tyopolut"\n[contract]\nweeks = 70\ntracking_weeks = 10', "s.toml")
    text = (
        'scenario = "s.toml"\ndesigns = ["own", "d.toml"]\nmethod = "grid"\n'
        '[[vary]]\nkey = "contract.weeks"\nvalues = [60, 90]\n'
    )
    found = load(text)
    assert found.designs == ("own", "d")
    for point, weeks in enumerate((60, 90)):
        own, other = (found.scenario(point, design).contract for design in found.designs)
        assert (own.weeks, own.tracking_weeks, own.start_week) == (weeks, 10, 4)
        assert (other.weeks, other.tracking_weeks, other.start_week) == (weeks, 20, 3)


def test_scenarios_of_points_do_not_share_what_varies(load: Load) -> None:
    found = load(GRID + UPLIFT + "values = [0.4, 0.5]\n" + SHARE + "values = [0.1, 0.2]")
    scenarios = [found.scenario(point, "mixed") for point in range(4)]
    assert [item.coaching.max_uplift for item in scenarios] == [0.4, 0.4, 0.5, 0.5]
    assert [item.contract.outcome_share for item in scenarios] == [0.1, 0.2, 0.1, 0.2]
    assert [found.values(point) for point in (0, 3)] == [
        {"coaching.max_uplift": 0.4, "contract.outcome_share": 0.1},
        {"coaching.max_uplift": 0.5, "contract.outcome_share": 0.2},
    ]


def test_files_are_found_beside_the_experiment_from_wherever_it_is_named(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("[contract]\nweeks = 80", "sub/d.toml")
    write('extends = "focus-tyopolut"\nrun.weeks = 99', "s.toml")
    write("contract.weeks\n60\n", "sub/p.csv")
    text = 'scenario = "../s.toml"\ndesigns = ["d.toml"]\nmethod = "points"\nfile = "p.csv"\n'
    file = write(text, "sub/e.toml")
    for folder, name in ((tmp_path, file), (tmp_path / "sub", "e.toml"), (Path("/"), None)):
        monkeypatch.chdir(folder)
        found = load_experiment(name or tmp_path / file)
        assert (found.name, found.scenario_name, found.designs) == ("e", "s", ("d",))
        assert found.scenario(0, "d").run.weeks == 99


def test_it_survives_being_sent_to_another_process(load: Load) -> None:
    found = load(GRID + UPLIFT + "values = [0.4, 0.5]")
    again = pickle.loads(pickle.dumps(found))
    assert again.scenario(1, "mixed") == found.scenario(1, "mixed")
    assert again.scenario(0, "mixed").coaching.max_uplift == 0.4
    assert again.inputs() == found.inputs()


def test_how_often_and_what_is_kept(load: Load) -> None:
    one = UPLIFT + "values = [0.4]"
    rule = 'stop = { indicator = "jobs_90d", half_width = 2 }\nindicators = ["started"]\n'
    head = 'scenario = "focus-tyopolut"\nmethod = "grid"\n'
    found = load(head + rule + one)
    assert found.replications is None
    assert found.stop == Stop("jobs_90d", 2.0, 5, 200)
    assert found.indicators == ("started", "jobs_90d")
    plain = load(head + one)
    assert (plain.replications, plain.stop, plain.indicators) == (20, None, None)
    assert plain.designs == ("own",)
    assert load(GRID + one).replications == 2


def test_titles_are_texts_by_language(load: Load) -> None:
    one = UPLIFT + "values = [0.4]"
    assert load('title = "x"\n' + GRID + one).title == {"": "x"}
    two = load('title = { en = "x", fi = "y" }\ndescription = "z"\n' + GRID + one)
    assert two.title == {"en": "x", "fi": "y"}


def test_warnings_of_points_are_told_once_with_a_count(load: Load) -> None:
    found = load(GRID + '[[vary]]\nkey = "run.weeks"\nvalues = [130, 100, 90]')
    [warning] = [str(item) for item in found.warnings]
    assert warning.startswith("mine.toml:6: warning: run.weeks: the run ends in week 100")
    assert warning.endswith("(at 2 of 3 points; the first is point 1: run.weeks = 100)")


def test_points_can_be_left_unchecked_where_they_have_been_checked(load: Load) -> None:
    text = GRID + SHARE + "values = [0.3, 1.2]"
    assert load(text, check=False).points == 2
    with pytest.raises(BadInput):
        load(text)


def test_progress_counts_points(load: Load) -> None:
    done: list[tuple[int, int]] = []
    text = GRID + UPLIFT + "uniform = [0.1, 0.9]\nlevels = 250"
    load(text, progress=lambda *counts: done.append(counts))
    assert sum(new for new, _ in done) == 250
    assert {every for _, every in done} == {250}


def test_every_indicator_of_a_run_can_be_named(write: Write) -> None:
    small = scenario({"run": {"weeks": 5}})
    runs = simulate(Job("x", (("own", small),), 0)).runs
    assert set(runs.columns) - {"scenario", "design", "replication", "seed"} == set(
        indicator_names()
    )


class TestInputs:
    """What a resume compares."""

    def test_they_are_json_and_the_same_for_the_same_file(self, load: Load) -> None:
        text = GRID + UPLIFT + "values = [0.4, 0.5]"
        found = load(text).inputs()
        assert json.loads(json.dumps(found)) == found
        assert load("# a comment\n" + text).inputs() == found
        assert load('title = "other"\n' + text).inputs() == found

    @pytest.mark.parametrize(
        ("old", "new", "key"),
        [
            ("replications = 2", "replications = 3", "replications"),
            ("[0.4, 0.5]", "[0.4, 0.6]", "points_sha256"),
            ("[0.4, 0.5]", "[0.5, 0.4]", "points_sha256"),
            ("coaching.max_uplift", "contract.outcome_share", "keys"),
            ('["mixed"]', '["mixed-by-group"]', "designs"),
            ('method = "grid"', 'method = "grid"\nindicators = ["started"]', "indicators"),
            ("s.toml", "t.toml", "scenario"),
        ],
    )
    def test_what_changes_results_changes_them(
        self, write: Write, load: Load, old: str, new: str, key: str
    ) -> None:
        for name in ("s.toml", "t.toml"):
            write('extends = "focus-tyopolut"', name)
        text = GRID.replace("focus-tyopolut", "s.toml") + UPLIFT + "values = [0.4, 0.5]"
        assert old in text
        before, after = load(text).inputs(), load(text.replace(old, new)).inputs()
        assert before[key] != after[key]

    def test_files_count_by_what_runs_read_of_them(self, write: Write, load: Load) -> None:
        text = GRID.replace("focus-tyopolut", "s.toml") + UPLIFT + "values = [0.4, 0.5]"
        extends = 'extends = "focus-tyopolut"\n'

        def inputs(rest: str) -> dict[str, Any]:
            write(extends + rest, "s.toml")
            return load(text).inputs()

        before = inputs("")
        assert inputs('title = "other"\n[run]\nreplications = 7') == before
        assert inputs("[coaching]\nmax_uplift = 0.123") == before
        assert inputs("[sources]\n'referral.volume' = 'assumption: a guess'") == before
        after = inputs("[referral]\nvolume = 1000")
        assert after != before
        assert after["files"]["mixed"]["referral"]["volume"] == 1000

    def test_values_that_look_alike_are_not_the_same(self, load: Load) -> None:
        key = '[[vary]]\nkey = "run.start_date"\nvalues = [2019-01-07, 2019-01-14]'
        found = load(GRID + key)
        assert json.dumps(found.inputs())
        assert found.values(1) == {"run.start_date": dt.date(2019, 1, 14)}


def test_lists_and_tables_are_texts_in_the_frame(load: Load) -> None:
    lists = '[[vary]]\nkey = "referral.target.areas"\nchoice = [["Pirkanmaa"], []]\n'
    found = load(GRID + lists + UPLIFT + "values = [1, 0.5]", check=False).frame()
    assert found["referral.target.areas"].tolist() == ['["Pirkanmaa"]'] * 2 + ["[]"] * 2
    assert found["coaching.max_uplift"].tolist() == [1.0, 0.5] * 2
    assert found["coaching.max_uplift"].dtype == np.float64


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0, 1))
def test_a_real_number_is_kept_to_the_last_bit(load: Load, share: float) -> None:
    found = load(GRID + SHARE + f"values = [{share!r}]", check=False)
    assert found.values(0) == {"contract.outcome_share": share}
    assert found.scenario(0, "mixed").contract.outcome_share == share
