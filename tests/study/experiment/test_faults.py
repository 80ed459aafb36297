"""One example of every kind of fault of an experiment file, with the line that a user reads."""

# ruff: noqa: E501 - lines as a user reads them

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labsim.cli import main
from labsim.scenario import BadInput
from labsim.scenario.toml_text import toml
from labsim.study.experiment import load_experiment
from labsim.words import catalogue
from tests.study.experiment.conftest import HEAD, SHARE, UPLIFT, Faults, Load, Write

GRID = HEAD + 'method = "grid"\n'
LHS = HEAD + 'method = "lhs"\npoints = 4\n'
GOOD = SHARE + "values = [0.3]\n"

EXAMPLES = [
    # No runs
    (LHS.replace("points = 4", "points = 0") + UPLIFT, "mine.toml:5: points: must be 1 or more (got 0)"),
    (GRID.replace("replications = 2", "replications = 0") + GOOD, "mine.toml:3: replications: must be 1 or more (got 0)"),
    (GRID.replace('["mixed"]', "[]") + GOOD, "mine.toml:2: designs: must have 1 or more items"),
    (GRID + SHARE + "values = []", "mine.toml:7: vary[1].values: must have 1 or more items"),
    (GRID, "mine.toml: vary: is required: name at least one key that varies; labsim compare needs none"),
    (GRID.replace("repl", "vary = []\nrepl"), "mine.toml:3: vary: is required: name at least one key that varies; labsim compare needs none"),
    # The file
    ("", "mine.toml: scenario: is required"),
    ("[run]\nseed = 3", "mine.toml: is a scenario, not an experiment: an experiment names a scenario, and which keys vary (docs/experiments.md)"),
    (GRID + "pionts = 3\n" + GOOD, "mine.toml:5: pionts: unknown key; did you mean 'points'?"),
    (GRID + "run = 3\n" + GOOD, "mine.toml:5: run: unknown key"),
    (GRID + "title = 3\n" + GOOD, "mine.toml:5: title: must be a text, or texts by language (fi, sv, en)"),
    (GRID + 'vary = "x"', 'mine.toml:5: vary: must be a list (got "x")'),
    (GRID + "vary = [3]", "mine.toml:5: vary[1]: must be a table (got 3)"),
    (HEAD + UPLIFT, "mine.toml: method: is required"),
    (HEAD + 'method = "gird"\n' + UPLIFT, "mine.toml:4: method: must be one of grid, lhs, sobol, morris, saltelli, points (got \"gird\"); did you mean 'grid'?"),
    (GRID + "points = 3\n" + GOOD, "mine.toml:5: points: only for method lhs, sobol, morris, saltelli (this one is grid)"),
    (GRID + "seed = 3\n" + GOOD, "mine.toml:5: seed: only for method lhs, sobol, morris, saltelli (this one is grid)"),
    (LHS + "levels = 3\n" + UPLIFT, "mine.toml:6: levels: only for method grid, morris (this one is lhs)"),
    (LHS + UPLIFT + "levels = 3", "mine.toml:8: vary[1].levels: only for method grid (this one is lhs)"),
    (HEAD + 'method = "lhs"\n' + UPLIFT, "mine.toml: points: is required"),
    (HEAD + 'method = "points"\n', "mine.toml: file: is required"),
    # What is run
    (GRID.replace("focus-tyopolut", "focus-tyopolot") + GOOD, "mine.toml:1: scenario: no file and no shipped scenario is called 'focus-tyopolot'; did you mean 'focus-tyopolut'?"),
    (GRID.replace("focus-tyopolut", "../x.toml") + GOOD, "mine.toml:1: scenario: there is no file '../x.toml'"),
    (GRID.replace('"mixed"', '"mixd"') + GOOD, "mine.toml:2: designs[1]: no file and no shipped scenario is called 'mixd'; did you mean 'mixed'?"),
    (GRID.replace('"mixed"', '"mixed", "mixed"') + GOOD, "mine.toml:2: designs[2]: design 'mixed' is named twice"),
    (GRID.replace('"mixed"', '""') + GOOD, "mine.toml:2: designs[1]: must not be empty"),
    (GRID + 'stop = { indicator = "net_jobs_90d", half_width = 1 }\n' + GOOD, "mine.toml:5: stop: stands instead of replications; give one of them"),
    (GRID.replace("replications = 2", 'stop = { indicator = "net_jobs", half_width = 1 }') + GOOD, "mine.toml:3: stop.indicator: no indicator is called 'net_jobs'; did you mean 'net_jobs_90d'?"),
    (GRID.replace("replications = 2", 'stop = { indicator = "net_jobs_90d", half_width = 0 }') + GOOD, "mine.toml:3: stop.half_width: must be more than 0 (got 0)"),
    (GRID.replace("replications = 2", 'stop = { indicator = "net_jobs_90d", half_width = 1, least = 9, most = 8 }') + GOOD, "mine.toml:3: stop.least: must not exceed most"),
    (GRID.replace("replications = 2", 'stop = { indicator = "net_jobs_90d" }') + GOOD, "mine.toml:3: stop.half_width: is required"),
    (GRID + 'indicators = ["qqq"]\n' + GOOD, "mine.toml:5: indicators[1]: no indicator is called 'qqq' (docs/results.md lists them)"),
    (GRID + "indicators = []\n" + GOOD, "mine.toml:5: indicators: must have 1 or more items"),
    # What varies
    (GRID + '[[vary]]\nkey = "coaching.max_upift"', "mine.toml:6: coaching.max_upift: unknown key; did you mean 'max_uplift'?"),
    (GRID + '[[vary]]\nkey = "coaching.max_upift"\nvalues = [1]', "mine.toml:6: coaching.max_upift: unknown key; did you mean 'max_uplift'?"),
    (GRID + '[[vary]]\nkey = "evaluation.arms"\nvalues = [1]', "mine.toml:6: evaluation: is not supported by this version of labsim"),
    (GRID + '[[vary]]\nkey = "a = 3"\nvalues = [1]', 'mine.toml:6: vary[1].key: is not a key (got "a = 3")'),
    (GRID + "[[vary]]\nvalues = [1]", "mine.toml:5: vary[1].key: is required"),
    (GRID + UPLIFT + "unifrom = [0, 1]", "mine.toml:7: vary[1].unifrom: unknown key; did you mean 'uniform'?"),
    (GRID + UPLIFT + "uniform = [0, 1]\nvalues = [1]", "mine.toml:8: vary[1].values: stands instead of uniform; give one of them"),
    (LHS + UPLIFT + "uniform = [0.5, 0.5]", "mine.toml:8: vary[1].uniform: the first number must be less than the second (got [0.5, 0.5])"),
    (LHS + UPLIFT + "uniform = [0.5]", "mine.toml:8: vary[1].uniform: must have 2 or more items"),
    (LHS + UPLIFT + "uniform = [0.5, nan]", "mine.toml:8: vary[1].uniform[2]: must be a finite number (got nan)"),
    (LHS + UPLIFT + "integer = [0, 1.5]", "mine.toml:8: vary[1].integer[2]: must be a whole number (got 1.5)"),
    (LHS + UPLIFT + f"integer = [0, {2**60}]", "mine.toml:8: vary[1].integer: numbers of a range must be within 9007199254740992"),
    (LHS + '[[vary]]\nkey = "contract.weeks"\nuniform = [80, 90]', "mine.toml:8: vary[1].uniform: only for keys that take real numbers, and contract.weeks does not: give integer, values or choice"),
    (LHS + '[[vary]]\nkey = "referral.regime"\ninteger = [80, 90]', "mine.toml:8: vary[1].integer: only for keys that take numbers, and referral.regime does not: give values or choice"),
    (LHS + '[[vary]]\nkey = "contract.weeks"', "mine.toml:7: contract.weeks: has no plausible range declared: give uniform, integer, values or choice"),
    (GRID + UPLIFT, "mine.toml:5: vary[1].levels: a grid needs to know how many values of a range to take: give levels, or values instead of the range"),
    (GRID + '[[vary]]\nkey = "run.seed"\ninteger = [1, 2_000_000]', "mine.toml:5: vary[1].levels: a grid needs to know how many values of a range to take: give levels, or values instead of the range"),
    (GRID + UPLIFT + "levels = 2000\n" + SHARE + "uniform = [0, 1]\nlevels = 2000", "mine.toml:5: vary: makes 4,000,000 points; the most is 1,000,000"),
    (GRID + GOOD + SHARE + "values = [0.2]", "mine.toml:9: contract.outcome_share: varies already: contract.outcome_share (line 6)"),
    (GRID + '[[vary]]\nkey = "run.replications"\nvalues = [0.2]', "mine.toml:6: run.replications: cannot vary: say how often in replications, or in stop"),
    (GRID + '[[vary]]\nkey = "title"\nvalues = ["x"]', "mine.toml:6: title: cannot be set here; write it in a file"),
    (GRID + '[[vary]]\nkey = "contract.fees"\nvalues = [3]', "mine.toml:6: contract.fees: is a table, not a value: name a key in it"),
    (GRID + "[[vary]]\nkey = 'contract.fees.\"month fee\".eur'\nvalues = [3]", "mine.toml:6: contract.fees.\"month fee\": nothing has this name; did you mean 'monthly fee'?"),
    (GRID.replace('"mixed"', '"mixed", "hourly"') + "[[vary]]\nkey = 'contract.fees.\"monthly fee\".eur'\nvalues = [3]", 'mine.toml:6: contract.fees."monthly fee": nothing has this name (under hourly)'),
    # Points
    (GRID + SHARE + "values = [0.3, 1.2]", "mine.toml:6: contract.outcome_share: must be 1 or less (got 1.2) (point 1: contract.outcome_share = 1.2)"),
    (GRID + SHARE + "values = [0.3, 1.2, 1.3]", "mine.toml:6: contract.outcome_share: must be 1 or less (got 1.2) (at 2 of 3 points; the first is point 1: contract.outcome_share = 1.2)"),
    (GRID.replace('"mixed"', '"mixed", "hourly"') + SHARE + "values = [0, 0.5]", "mine.toml:6: contract.outcome_share: is above 0, but no fee on outcome pays anything (under hourly, point 1: contract.outcome_share = 0.5)"),
    (GRID.replace('"mixed"', '"mixed", "hourly"') + SHARE + "values = [0, 0.5, 0.6]", "mine.toml:6: contract.outcome_share: is above 0, but no fee on outcome pays anything (under hourly at 2 of 3 points; the first is point 1: contract.outcome_share = 0.5)"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line"), EXAMPLES)
def test_a_fault_has_its_line(faults: Faults, text: str, line: str) -> None:
    assert line in faults(text)


def test_a_misspelt_key_is_one_fault(faults: Faults) -> None:
    assert len(faults(GRID + '[[vary]]\nkey = "coaching.max_upift"\nuniform = [0, 1]')) == 1


def test_faults_are_told_all_at_once_and_by_line(faults: Faults) -> None:
    found = faults(
        'scenario = "focus-tyopolut"\ndesigns = ["mixd"]\nreplications = -1\nmethod = "lhs"\n'
        'indicators = ["qqq"]\n' + UPLIFT + "uniform = [1, 0]\n" + '[[vary]]\nkey = "a.b"\n'
        "values = [1]"
    )
    assert [line.split(": ")[1] for line in found] == [
        "points", "designs[1]", "replications", "indicators[1]", "vary[1].uniform",
    ]  # fmt: skip
    found = faults(GRID + '[[vary]]\nkey = "a.b"\nvalues = [1]\n[[vary]]\nkey = "c"\nvalues = [1]')
    assert [line.split(": ")[1] for line in found] == ["a", "c"]


def test_faults_of_the_files_it_names_are_told_with_their_places(
    write: Write, faults: Faults
) -> None:
    write("[contract]\noutcome_shar = 1", "d.toml")
    write("[run]\nweeks = -1", "s.toml")
    text = 'scenario = "s.toml"\ndesigns = ["d.toml"]\nmethod = "grid"\n' + GOOD
    assert faults(text) == [
        "s.toml:2: run.weeks: must be 1 or more (got -1)",
        "d.toml:2: contract.outcome_shar: unknown key; did you mean 'outcome_share'?",
    ]


def test_what_a_point_mends_is_no_fault(write: Write, load: Load) -> None:
    write('extends = "focus-tyopolut"\n[coaching]\nmax_uplift = -1', "s.toml")
    text = 'scenario = "s.toml"\nmethod = "grid"\n' + UPLIFT + "values = [0.5]"
    assert load(text).scenario(0, "own").coaching.max_uplift == 0.5


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "no such file"), (b"\xff = 3", "is not UTF-8"), (b"a = ", "not TOML"),
        (b"x" * 1_000_001, "is too large"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_one_line(
    write: Write, content: bytes | None, words: str
) -> None:
    write("", "other.toml")
    name = "no.toml" if content is None else write(content)
    with pytest.raises(BadInput, match=words):
        load_experiment(name)


def test_every_text_about_experiments_is_told_by_some_test() -> None:
    texts = catalogue("en")
    assert {"errors.at_points_in", "errors.varies_already", "errors.no_plausible"} <= set(texts)


JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["contract.weeks", "grid", "lhs", "mixed", "providers", 'a."b".c', "own"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["key", "values", "uniform", "x"]), inner, max_size=3)
    ),
    max_leaves=4,
)
BASE: dict[str, Any] = {
    "title": "x", "scenario": "focus-tyopolut", "designs": ["mixed"], "method": "lhs", "points": 3,
    "replications": 2, "indicators": ["started"],
    "vary": [{"key": "coaching.max_uplift", "uniform": [0.2, 0.4]},
             {"key": "contract.weeks", "integer": [60, 70]}],
}  # fmt: skip


def places(tree: Any) -> Iterator[tuple[Any, Any]]:
    children = tree.items() if isinstance(tree, dict) else enumerate(tree)
    for key, value in list(children):
        yield tree, key
        if isinstance(value, (dict, list)):
            yield from places(value)


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_nothing_that_stands_in_a_file_brings_labsim_down(
    data: st.DataObject, write: Write
) -> None:
    tree = tomllib.loads("\n".join(f"{key} = {toml(value)}" for key, value in BASE.items()))
    for _ in range(data.draw(st.integers(1, 3))):
        table, key = data.draw(st.sampled_from(list(places(tree))))
        value = data.draw(JUNK)
        if value is None:
            del table[key]
        else:
            table[key] = value
    try:
        text = "\n".join(f"{key} = {toml(value)}" for key, value in tree.items())
        tomllib.loads(text)
    except (TypeError, ValueError):
        return
    lines = []
    try:
        found = load_experiment(write(text))
    except BadInput as error:
        lines = str(error).split("\n")
    assert all(line.isprintable() and len(line) < 2000 for line in lines)
    assert lines or len(found.frame()) == found.points >= 1


def test_check_says_how_much_there_is_to_run(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    two = GRID.replace('"mixed"', '"mixed", "mixed-by-group"')
    assert main(["check", write(two + SHARE + "values = [0.1, 0.2, 0.3]")]) == 0
    assert capsys.readouterr() == ("ok: points 3, designs 2, replications 2, runs 12\n", "")
    rule = 'stop = { indicator = "net_jobs_90d", half_width = 2.0 }'
    file = write(GRID.replace("replications = 2", rule) + GOOD, "sub/other.toml")
    assert main(["check", file, "mixed", "--lang", "fi"]) == 0
    out, _ = capsys.readouterr()
    assert out.split("\n")[:2] == [
        "sub/other.toml: kunnossa: pisteitä 1, malleja 1, toistoja 5-200, ajoja 5-200",
        "mixed: kunnossa",
    ]


def test_check_tells_every_fault_and_exits_2(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = write(GRID + SHARE + "values = [1.2]")
    assert main(["check", bad, "--lang", "sv"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "ska vara högst 1 (nu 1.2) (punkt 0: contract.outcome_share = 1.2)" in err


def test_a_folder_is_not_an_experiment(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="is a folder"):
        load_experiment(tmp_path)
