from __future__ import annotations

import ast
import math
from datetime import date
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given

import labsim
from labsim import words as module
from labsim.numbers import day, number, percent, signed
from labsim.words import LANGUAGES, Words, catalogue, fields, fill

SOURCES = sorted(Path(labsim.__file__).parent.rglob("*.py"))
SPACE = "\u00a0"


@pytest.fixture
def texts(monkeypatch: pytest.MonkeyPatch) -> None:
    made = {
        "en": {
            "t.hello": "Hello {name}", "t.only": "English",
            "t.n.one": "{n} fee", "t.n.many": "{n} fees",
        },
        "fi": {"t.hello": "Hei {name}", "t.n.one": "{n} maksu", "t.n.many": "{n} maksua"},
        "sv": {},
    }  # fmt: skip
    monkeypatch.setattr(module, "catalogue", made.__getitem__)


def test_texts_by_language_and_fallback(texts: None) -> None:
    assert Words("fi")("t.hello", name="Anna") == "Hei Anna"
    assert Words("fi")("t.only") == "English"
    assert Words("sv")("t.hello", name="Anna") == "Hello Anna"
    assert "t.only" in Words("fi")
    assert "t.none" not in Words("fi")


def test_missing_texts_and_fields_are_errors(texts: None) -> None:
    with pytest.raises(KeyError):
        Words()("t.none")
    with pytest.raises(KeyError):
        Words()("t.hello")
    with pytest.raises(ValueError, match="language"):
        Words("de")


def test_counts(texts: None) -> None:
    assert Words("en").count("t.n", 1) == "1 fee"
    assert Words("fi").count("t.n", 1234) == f"1{SPACE}234 maksua"


@given(st.text(), st.text())
def test_values_are_never_interpreted(name: str, other: str) -> None:
    assert fill("{name} and {other}", {"name": name, "other": other}) == f"{name} and {other}"


def test_only_plain_fields_are_fields() -> None:
    assert (
        fill("{a.b} {a[0]} {0} {a!r} {{a}} {a:>9}", {"a": 1}) == "{a.b} {a[0]} {0} {a!r} {a} {a:>9}"
    )
    assert fields("{a} {b_2} {{c}} {d.e}") == {"a", "b_2"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_have_the_fields_of_english(language: str) -> None:
    english = catalogue("en")
    for key, text in catalogue(language).items():
        if key.startswith("parameters."):  # their English is where they are declared
            continue
        assert key in english, key
        assert fields(text) == fields(english[key]), key


def test_every_code_used_in_the_scenario_room_has_words() -> None:
    folder = Path(labsim.__file__).parent / "scenario"
    used = {code for file in folder.rglob("*.py") for code in codes(file)}
    assert {"too_small", "unknown_key", "share_without_fixed", "not_toml"} <= used
    assert {code for code in used if f"errors.{code}" not in catalogue("en")} == set()


def codes(file: Path) -> set[str]:
    """Return the codes given to the functions that make findings and faults."""
    makers = {"note": 1, "bad": 1, "Fault": 1, "finding": 2, "_at": 2}
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            place = makers.get(name)
            if place is not None and len(node.args) > place:
                argument = node.args[place]
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    found.add(argument.value)
    return found


def test_every_key_written_in_the_code_has_words() -> None:
    topics = {key.partition(".")[0] for key in catalogue("en")}
    called = {key for file in SOURCES for key in keys(file, topics)}
    known = catalogue("en")
    missing = {key for key in called if key not in known and f"{key}.one" not in known}
    assert missing == set()


def keys(file: Path, topics: set[str]) -> set[str]:
    """Return texts given first to a call of something named ``words``."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args:
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            first = node.args[0]
            if name in ("words", "count") and isinstance(first, ast.Constant):
                text = str(first.value)
                if text.partition(".")[0] in topics and "." in text:
                    found.add(text)
    return found


@pytest.mark.parametrize(
    ("value", "decimals", "language", "text"),
    [
        (1234567.891, 1, "en", "1,234,567.9"),
        (1234567.891, 1, "fi", f"1{SPACE}234{SPACE}567,9"),
        (-1234.5, 0, "sv", f"-1{SPACE}234"),
        (0.04, 1, "en", "0.0"),
        (-0.04, 1, "en", "0.0"),
        (math.nan, 0, "en", "-"),
        (math.inf, 0, "fi", "-"),
    ],
)
def test_numbers(value: float, decimals: int, language: str, text: str) -> None:
    assert number(value, decimals, language) == text


def test_signs_and_shares() -> None:
    assert [signed(value, 1, "fi") for value in (1.25, -1.25, 0.0, 0.001)] == [
        "+1,2",
        "-1,2",
        "0,0",
        "0,0",
    ]
    assert percent(0.5834, 1, "sv") == f"58,3{SPACE}%"
    assert Words("en").percent(-0.5) == f"-50{SPACE}%"
    assert Words("fi").number(1000) == f"1{SPACE}000"
    assert Words("fi").signed(5) == "+5"
    assert percent(math.nan) == "-"


def test_dates() -> None:
    written = [day(date(2022, 1, 31), language) for language in LANGUAGES]
    assert written == ["2022-01-31", "31.1.2022", "31.1.2022"]


def test_choices_in_words() -> None:
    assert [Words("en").either(each) for each in ([], ["a"])] == ["", "a"]
    assert Words("en").either(["a", "b"]) == "a or b"
    assert Words("fi").either("abc") == "a, b tai c"
