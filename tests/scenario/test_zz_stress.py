"""Hundreds of broken scenario files: always lines of the promised form, never a traceback."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, example, given, settings

from labsim.cli import main
from labsim.scenario import BadInput, load
from labsim.scenario.keys import every_key, look_up
from labsim.scenario.paths import dotted
from labsim.scenario.shipped import find
from labsim.scenario.toml_text import toml

LINE = re.compile(r"mine\.toml(:\d+)?: (warning: )?(\S.*: )?\S.*")
SETTING_LINE = re.compile(r"--set: (\S.*: )?\S.*")
ODD = st.one_of(
    st.integers(-3, 3),
    st.integers(-(10**40), 10**40),
    st.floats(),
    st.booleans(),
    st.text(max_size=10),
    st.dates(),
    st.datetimes(),
    st.sampled_from(
        ["service+90d", "near", "central", "basic", "region", "verified: x", "outcome"]
    ),
)
VALUE = st.one_of(
    ODD,
    st.lists(ODD, max_size=3),
    st.dictionaries(st.text(max_size=4), ODD, max_size=2),
    st.lists(st.dictionaries(st.sampled_from(["name", "on", "eur", "when", "x"]), ODD), max_size=3),
)


def plain(path: tuple[Any, ...]) -> str:
    return dotted(tuple("job" if part == "*" else part for part in path))


@cache
def known() -> list[str]:
    return [plain(path) for path in every_key()]


@st.composite
def broken(draw: st.DrawFn) -> str:
    """Return a file of a few keys, most of them real, with values of every kind."""
    misspelt = st.sampled_from(known()).map(lambda key: key[:-1] or "x")
    invented = st.text(min_size=1, max_size=6).map(lambda key: dotted((key,)))
    keys = draw(
        st.lists(
            st.one_of(st.sampled_from(known()), misspelt, invented, st.sampled_from(RESERVED)),
            min_size=1,
            max_size=6,
        )
    )
    return "".join(f"{key} = {toml(draw(VALUE))}\n" for key in keys)


RESERVED = ["extends", "sources", "procurement.x", "population.from_csv", 'sources."run.weeks"']
quick = settings(
    max_examples=1500,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def lines_of(text: str | bytes, *options: str) -> list[str]:
    Path("mine.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
    try:
        load("mine.toml", settings=options)
    except BadInput as error:
        return str(error).split("\n")
    return []


@quick
@given(broken())
@example('contract.fees = [{ name = "", on = "start", eur = 1 }]')
@example('contract.fees = [{ name = "a", on = "start", eur = 1, by_group = {} }]')
@example('providers = [{ name = "a", name2 = 3 }]\ncontract.groups = [{ name = "g", when = {} }]')
def test_broken_keys_and_values(text: str) -> None:
    for line in lines_of(text):
        assert LINE.fullmatch(line), line
        assert line.isprintable()


@quick
@given(st.one_of(st.text(max_size=60), st.text("[]{}=\"'#.,\n\\abc1", max_size=60)))
def test_text_that_is_hardly_toml(text: str) -> None:
    for line in lines_of(text.encode("utf-8", "surrogatepass")):
        assert LINE.fullmatch(line), line


@cache
def real() -> str:
    return find("focus-tyopolut").path.read_text("utf-8")


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """Return a shipped file with a few pieces cut out, repeated or written over."""
    text = real()
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        end = start + draw(st.integers(0, 30))
        piece = draw(st.one_of(st.just(""), st.just(text[start:end] * 2), st.text(max_size=4)))
        text = text[:start] + piece + text[end:]
    return text


@quick
@given(damaged())
def test_damaged_files(text: str) -> None:
    for line in lines_of(text.encode("utf-8", "surrogatepass")):
        assert LINE.fullmatch(line), line
        assert line.isprintable()


@quick
@given(st.binary(max_size=60))
def test_bytes(content: bytes) -> None:
    for line in lines_of(content):
        assert LINE.fullmatch(line), line


@quick
@given(st.one_of(st.sampled_from(sorted(map(plain, every_key()))), st.text(max_size=9)), VALUE)
def test_settings(key: str, value: Any) -> None:
    for line in lines_of("", f"{key}={toml(value)}"):
        assert SETTING_LINE.fullmatch(line) or LINE.fullmatch(line), line
        assert line.isprintable()


@settings(quick, max_examples=60)
@given(
    st.sampled_from(every_key()),
    st.sampled_from(["nan", "inf", "-inf", '"x"', "[]", "{}", "1e999"]),
)
def test_wrong_type_of_a_known_key_names_its_line(path: tuple[str, ...], value: str) -> None:
    key = look_up(path)
    assert key is not None
    parent = look_up(path[:-1])
    in_list = parent is not None and parent.kind == "tables" and path[0] != "providers"
    if "*" in path or in_list or key.kind != "leaf" or (value == '"x"' and key.is_text):
        return
    if path[0] == "providers":
        text = f"[[providers]]\n{path[-1]} = {value}\n"
    else:
        text = f"[{dotted(path[:-1])}]\n{path[-1]} = {value}\n"
    found = lines_of(text)
    assert any(line.startswith("mine.toml:2: ") for line in found), found


@settings(quick, max_examples=60)
@given(text=broken())
def test_check_exits_with_two_and_writes_nothing(
    text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = lines_of(text)
    code = main(["check", "mine.toml"])
    out, err = capsys.readouterr()
    assert code == (2 if expected else 0)
    assert out == ("" if expected else "ok\n")
    if expected:
        assert err.split("\n")[:-1] == expected
    assert [file.name for file in Path().iterdir()] == ["mine.toml"]
