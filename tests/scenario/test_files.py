"""Files that cannot be read, and files in unusual but good form."""

# ruff: noqa: ISC004 - lines as a user reads them

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from labsim.scenario import BadInput, load
from labsim.scenario.read import parse
from tests.scenario.conftest import Faults, Write


def test_missing(faults: Faults, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BadInput, match=r"^no/such\.toml: no such file$"):
        load("no/such.toml")


def test_unknown_id() -> None:
    with pytest.raises(BadInput, match="did you mean 'finland'"):
        load("finlnd")


@pytest.mark.parametrize("name", ["", "a\0b", "x" * 5000, "x" * 5000 + ".toml", "\udcff.toml"])
def test_names_that_are_no_files(name: str) -> None:
    with pytest.raises(BadInput) as caught:
        load(name)
    assert str(caught.value).isprintable()


def test_folder(write: Write) -> None:
    write("", "folder.toml/x.toml")
    with pytest.raises(BadInput, match=r"^folder\.toml: is a folder, not a file$"):
        load("folder.toml")


def test_a_folder_does_not_hide_a_shipped_id(write: Write) -> None:
    write("", "finland/x.toml")
    assert load("finland").name == "finland"


def test_an_existing_file_wins_over_a_shipped_id(write: Write) -> None:
    write("[run]\nweeks = 140", "finland")
    assert load("finland").scenario.run.weeks == 140


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root reads everything")
def test_unreadable(write: Write) -> None:
    Path(write("")).chmod(0)
    with pytest.raises(BadInput, match=r"^mine\.toml: cannot be read \(permission denied\)$"):
        load("mine.toml")


@pytest.mark.skipif(sys.platform == "win32", reason="no named pipes")
def test_pipe_is_not_waited_for(write: Write, tmp_path: Path) -> None:
    write("")
    os.mkfifo(tmp_path / "pipe.toml")
    with pytest.raises(BadInput, match="is not a file that can be read"):
        load("pipe.toml")


def test_too_large(faults: Faults) -> None:
    assert faults("#" + "x\n#" * 400_000) == ["mine.toml: is too large (more than 1,000,000 bytes)"]


def test_long_line(faults: Faults) -> None:
    assert faults("\n#" + "x" * 30_000) == [
        "mine.toml:2: line is too long (more than 20,000 characters)"
    ]


def test_not_utf8(faults: Faults) -> None:
    assert faults("[run]\n# p\xe4\xe4\n".encode("latin-1")) == [
        "mine.toml:2: is not UTF-8 (byte 0xe4); save the file as UTF-8"
    ]
    assert "is not UTF-8" in faults("[run]\nweeks = 3\n".encode("utf-16"))[0]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[run]\nweeks = \n", "mine.toml:2: not TOML: invalid value"),
        ("[run\n", "mine.toml:1: not TOML: expected ']' at the end of a table declaration"),
        ("[run]\n[run]\n", "mine.toml:2: not TOML: cannot declare ('run',) twice"),
        ("a = 1\na = 2\n", "mine.toml:2: not TOML: cannot overwrite a value"),
        ("a = '''\nx\n", "mine.toml:2: not TOML: unterminated string"),
        ("a = \0", "mine.toml:1: not TOML: invalid value"),
        ("a = 1979-13-01", "mine.toml:1: not TOML: invalid date or datetime"),
        ("\x07", "mine.toml:1: not TOML: invalid statement"),
    ],
)
def test_not_toml(faults: Faults, text: str, line: str) -> None:
    [found] = faults(text)
    assert found.partition(": not TOML")[0] == line.partition(": not TOML")[0]
    assert ": not TOML: " in found


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 5000,
        "a = " + "[" * 2000 + "]" * 2000,
        "a = " + "[" * 30 + "]" * 30,
        "a = " + "{a=" * 2000,
        "[" + "a." * 3000 + "a]",
        "a." * 3000 + "a = 1",
        '"a".' * 3000 + "a = 1",
        "a = 9" + "9" * 6000,
        "a = 0x" + "f" * 6000,
        "run.seed = 0x" + "f" * 6000,
        "coaching.max_uplift = 0x" + "f" * 6000,
    ],
)
def test_absurd_files_give_a_line(faults: Faults, text: str) -> None:
    [line] = faults(text)
    assert line.startswith("mine.toml")
    assert len(line) < 300


def test_byte_order_mark_and_windows_line_ends(faults: Faults, write: Write) -> None:
    text = "title = 'P\xe4ij\xe4nne'\r\n[run]\r\nweeks = 140\r\n".encode()
    assert faults(b"\xef\xbb\xbf" + text) == []
    assert faults(b"\xef\xbb\xbf" + text.replace(b"140", b"-1")) == [
        "mine.toml:3: run.weeks: must be 1 or more (got -1)"
    ]


def test_empty_file_is_the_default_scenario(faults: Faults) -> None:
    assert faults("") == []


def test_extends_another_folder(faults: Faults, write: Write) -> None:
    write("[run]\nweeks = 140", "a/base.toml")
    write('extends = "../a/base.toml"', "b/middle.toml")
    assert faults('extends = "b/middle.toml"\n[run]\nseed = 5') == []
    scenario = load("mine.toml").scenario
    assert (scenario.run.weeks, scenario.run.seed) == (140, 5)


def test_fault_in_the_file_extended(faults: Faults, write: Write) -> None:
    write("[run\n", "a/base.toml")
    found = faults('extends = "a/base.toml"\n[run]\nwekes = 1')
    assert found[0].startswith("a/base.toml:1: not TOML")
    assert found[1] == "mine.toml:3: run.wekes: unknown key; did you mean 'weeks'?"


def test_circle_of_two(faults: Faults, write: Write) -> None:
    write('extends = "../mine.toml"', "a/b.toml")
    assert faults('extends = "a/b.toml"') == [
        "a/b.toml:1: extends: files extend each other in a circle"
        " (mine.toml -> a/b.toml -> mine.toml)"
    ]


def test_long_chains_end(faults: Faults, write: Write) -> None:
    for number in range(30):
        write(f'extends = "f{number + 1}.toml"', f"f{number}.toml")
    [line] = faults('extends = "f0.toml"')
    assert line.endswith("extends: more than 20 files extend each other")


def test_what_is_read_twice_can_be_changed_once() -> None:
    text = "[run]\nweeks = 50\n[[providers]]\nname = 'A'\n"
    first = parse(text, "a.toml")
    first.values["run"]["weeks"] = 1
    first.values["providers"].clear()
    first.lines.clear()
    again = parse(text, "a.toml")
    assert again.values == {"run": {"weeks": 50}, "providers": [{"name": "A"}]}
    assert again.lines
