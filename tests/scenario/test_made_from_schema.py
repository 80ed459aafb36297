"""The defaults file, the starter scenario and the JSON Schema, all made from one declaration."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from labsim.scenario import BadInput, Scenario, defaults_text, json_schema, load
from labsim.scenario.keys import every_key, look_up
from labsim.scenario.new import new
from labsim.scenario.read import parse
from labsim.scenario.shipped import ids, root
from labsim.words import Words
from tests.scenario.conftest import Write

SHIPPED = [root() / folder / f"{name}.toml" for folder, names in ids().items() for name in names]


# Defaults


def test_the_shipped_defaults_are_those_of_the_schema() -> None:
    file = root() / "defaults" / "finland.toml"
    assert file.read_text(encoding="utf-8") == defaults_text(), (
        "run python -m labsim.scenario.defaults"
    )


def test_the_defaults_file_says_what_the_schema_says() -> None:
    parse(defaults_text(), "finland.toml")
    assert load("finland").scenario == Scenario()


def test_the_defaults_file_names_every_key() -> None:
    text = defaults_text()
    for path in every_key():
        if "*" not in path and path[0] not in ("title", "description"):
            assert str(path[-1]) in text


def test_a_default_is_shown_with_unit_limits_and_evidence() -> None:
    text = " ".join(defaults_text().replace("\n#  ", "").split())
    assert "[EUR/day; 0 to 1,000]. Verified: P 8, sotekassa.fi" in text
    assert "# last_payable_week =" in text


def test_every_parameter_is_described() -> None:
    for path in every_key():
        key = look_up(path)
        assert key is not None
        assert key.info.description, path


# A new scenario


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("base", ["finland", "focus-tyopolut", "pilots/focus-tyopolut"])
def test_a_new_scenario_is_its_base(folder: Path, base: str) -> None:
    file = new("mine", base=base)
    assert file.name == "mine.toml"
    made, original = load("mine.toml"), load(base)
    same = {"title", "sources"}
    assert made.scenario.model_dump(exclude=same) == original.scenario.model_dump(exclude=same)
    assert made.scenario.title == {"": "mine"}


def test_every_line_of_a_new_scenario_can_be_switched_on(folder: Path) -> None:
    lines = new("mine", base="focus-tyopolut").read_text(encoding="utf-8").split("\n")
    bare = [line.removeprefix("# ") for line in lines if is_code(line)]
    Path("mine.toml").write_text("\n".join(bare), encoding="utf-8")
    as_it_was = load("focus-tyopolut").scenario.contract
    shown = as_it_was.model_copy(update={"budget_eur": 1_000_000.0})  # which the file only suggests
    assert load("mine.toml").scenario.contract == shown


def is_code(line: str) -> bool:
    if not line.startswith("# "):
        return True
    try:
        return bool(tomllib.loads(line.removeprefix("# ")))
    except tomllib.TOMLDecodeError:
        return False


def test_a_new_scenario_in_another_folder_finds_its_base(folder: Path, write: Write) -> None:
    write("[run]\nweeks = 140", "a/base.toml")
    Path("b").mkdir()
    new("b/mine.toml", base="a/base.toml")
    assert 'extends = "../a/base.toml"' in Path("b/mine.toml").read_text(encoding="utf-8")
    assert load("b/mine.toml").scenario.run.weeks == 140


def test_a_new_scenario_never_overwrites(write: Write) -> None:
    write("x = 1")
    with pytest.raises(BadInput, match=r"^mine\.toml: exists already"):
        new("mine")
    assert Path("mine.toml").read_text(encoding="utf-8") == "x = 1"


@pytest.mark.parametrize("name", ["", " ", "a\nb", "a\0b", "no/such/folder/mine", "x" * 400])
def test_names_that_cannot_be_files(folder: Path, name: str) -> None:
    with pytest.raises(BadInput) as caught:
        new(name)
    assert str(caught.value).isprintable()
    assert list(folder.iterdir()) == []


def test_nothing_is_written_for_a_bad_base(folder: Path) -> None:
    with pytest.raises(BadInput):
        new("mine", base="no-such-thing", words=Words())
    assert list(folder.iterdir()) == []


# JSON Schema


def test_schema_is_plain_json_and_closed() -> None:
    schema = json.loads(json.dumps(json_schema(), allow_nan=False))
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert "required" not in schema
    for name, table in [("", schema), *schema["$defs"].items()]:
        assert table["additionalProperties"] is False, name
        assert set(table.get("required", [])) <= {"name", "from_day", "share"}, name


def test_schema_explains_every_key_with_its_unit() -> None:
    schema = json_schema()
    for name, table in schema["$defs"].items():
        for key, value in table["properties"].items():
            assert value.get("description") or "$ref" in value, (name, key)
    weeks = schema["$defs"]["Run"]["properties"]["weeks"]
    assert weeks["description"] == "Simulated weeks (weeks)"
    assert "default" not in schema["$defs"]["Target"]["properties"]["age_min"]


def validator() -> Any:
    jsonschema = pytest.importorskip("jsonschema")
    return jsonschema.Draft202012Validator(json_schema())


def as_json(text: str) -> Any:
    return json.loads(json.dumps(tomllib.loads(text), default=str))


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_shipped_files_fit_the_schema(file: Path) -> None:
    assert list(validator().iter_errors(as_json(file.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ('extends = "finland"', True),
        ('[[contract.fees]]\nname = "month"\neur = 3', True),
        ('title = { fi = "x" }', True),
        ('sources.run.weeks = "verified: x"', True),
        ("[[contract.fees]]\neur = 3", False),
        ("[run]\nweeks = 0", False),
        ("[run]\nweks = 3", False),
        ('[referral]\nregime = "x"', False),
        ('[sources]\na = "sure"', False),
    ],
)
def test_schema_accepts_and_refuses(text: str, good: bool) -> None:
    validator().check_schema(json_schema())
    assert validator().is_valid(as_json(text)) is good
