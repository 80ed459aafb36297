from __future__ import annotations

import tomllib
from typing import Any

import hypothesis.strategies as st
from hypothesis import given, settings

from labsim.scenario.layer import nodes
from labsim.scenario.paths import Path, dotted, parsed, quoted
from labsim.scenario.toml_lines import lines
from labsim.scenario.toml_text import toml

KEYS = st.one_of(
    st.sampled_from(
        ["a", "b", "fees", "name", "x-y", "1", "sustained job", "", "ä", 'q"q', "d.o.t"]
    ),
    st.text(max_size=5),
)
SCALARS = st.one_of(
    st.integers(-(2**60), 2**60),
    st.floats(allow_nan=False),
    st.booleans(),
    st.dates(),
    st.text(max_size=12),
    st.sampled_from(["# no comment", "a = 1", "]", "[[x]]", "}", "\n[t]\n", '"""', "'''", "\\"]),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(KEYS, inner, max_size=3),
        st.lists(st.dictionaries(KEYS, inner, max_size=3), min_size=1, max_size=3),
    ),
    max_leaves=12,
)
TREES = st.dictionaries(KEYS, VALUES, max_size=4)


class Writer:
    """Write a tree as TOML in one of its many forms, noting the line of everything."""

    def __init__(self, draw: st.DataObject) -> None:
        self.data = draw
        self.text = ""
        self.found: dict[Path, int] = {}

    def choose(self, *options: str) -> str:
        return self.data.draw(st.sampled_from(options))

    def note(self, path: Path) -> None:
        while path and path not in self.found:
            self.found[path] = self.text.count("\n") + 1
            path = path[:-1]

    def gap(self) -> None:
        self.text += self.choose("", "", "\n", "# a = 1\n", "  # [t] 'x\n\n", "\t\n")

    def document(self, tree: dict[str, Any]) -> str:
        self.table(tree, (), ())
        return self.text

    def table(self, tree: dict[str, Any], header: tuple[str, ...], path: Path) -> None:
        later = []
        for key, value in tree.items():
            if self.is_later(value):
                later.append((key, value))
            else:
                self.gap()
                self.pair((key,), value, path)
                self.text += self.choose("", " # b = 2") + "\n"
        for key, value in later:
            for item, place in self.items(value, (*path, key)):
                self.gap()
                brackets = ("[[", "]]") if isinstance(value, list) else ("[", "]")
                self.note(place)
                self.text += brackets[0] + " . ".join(map(self.key, (*header, key))) + brackets[1]
                self.text += "\n"
                self.table(item, (*header, key), place)

    def is_later(self, value: Any) -> bool:
        tables = isinstance(value, list) and value and all(isinstance(x, dict) for x in value)
        return (
            bool(isinstance(value, dict) or tables) and self.choose("header", "inline") == "header"
        )

    @staticmethod
    def items(value: Any, path: Path) -> list[tuple[dict[str, Any], Path]]:
        if isinstance(value, dict):
            return [(value, path)]
        return [(item, (*path, place)) for place, item in enumerate(value)]

    def key(self, key: str) -> str:
        return self.choose(dotted((key,)), quoted(key))

    def pair(self, keys: tuple[str, ...], value: Any, path: Path) -> None:
        if isinstance(value, dict) and len(value) == 1 and self.choose("dots", "braces") == "dots":
            [(key, inner)] = value.items()
            self.pair((*keys, key), inner, path)
            return
        place = path + keys
        self.note(place)
        self.text += ".".join(map(self.key, keys)) + self.choose("=", " = ")
        self.value(value, place)

    def value(self, value: Any, path: Path) -> None:
        if isinstance(value, dict):
            self.braces(value, path)
        elif isinstance(value, list):
            self.brackets(value, path)
        elif isinstance(value, str):
            self.string(value)
        else:
            self.text += toml(value)

    def string(self, value: str) -> None:
        forms = [quoted(value)]
        if "'" not in value and value.isprintable():
            forms.append(f"'{value}'")
        if value.replace("\n", "").isprintable():
            escaped = value.replace("\\", "\\\\").replace('"', '\\"')
            forms.append(f'"""\n{escaped}"""')
            if "'" not in value:
                forms.append(f"'''\n{value}'''")
                forms.append(f"'''\n{value}'{chr(39) * 3}")
        self.text += self.choose(*forms)

    def braces(self, value: dict[str, Any], path: Path) -> None:
        self.text += "{ "
        for number, (key, item) in enumerate(value.items()):
            self.text += ", " if number else ""
            self.pair((key,), item, path)
        self.text += " }"

    def brackets(self, value: list[Any], path: Path) -> None:
        self.text += "["
        for number, item in enumerate(value):
            self.text += ("," if number else "") + self.choose("", " ", "\n", "# ]\n  ")
            self.note((*path, number))
            self.value(item, (*path, number))
        self.text += self.choose("", "\n", ",\n" if value else "") + "]"


@settings(max_examples=100, deadline=None)
@given(TREES, st.data())
def test_every_path_has_its_line(tree: dict[str, Any], data: st.DataObject) -> None:
    writer = Writer(data)
    text = writer.document(tree)
    found = lines(text)
    assert set(found) == set(nodes(tomllib.loads(text)))
    assert found == writer.found


@given(st.lists(KEYS, min_size=1, max_size=4))
def test_dotted_keys_are_read_back(path: list[str]) -> None:
    assert parsed(dotted(tuple(path))) == tuple(path)
    assert dotted(tuple(path)).isprintable()


def test_lines_of_a_scenario() -> None:
    text = (
        'title = """\nTwo\nlines"""\n'
        "[contract]\r\n"
        "weeks = 3 # comment\n"
        '[[contract.fees]]\nname = "a"\nby_group = { near = 1.0, far = 2.0 }\n'
        "[[contract.fees]]\n"
        "outcome = [\n  'x',\n  # none\n  'y',\n]\n"
        "[contract.fees.extra]\nk = 1\n"
    )
    assert lines(text) == {
        ("title",): 1,
        ("contract",): 4,
        ("contract", "weeks"): 5,
        ("contract", "fees"): 6,
        ("contract", "fees", 0): 6,
        ("contract", "fees", 0, "name"): 7,
        ("contract", "fees", 0, "by_group"): 8,
        ("contract", "fees", 0, "by_group", "near"): 8,
        ("contract", "fees", 0, "by_group", "far"): 8,
        ("contract", "fees", 1): 9,
        ("contract", "fees", 1, "outcome"): 10,
        ("contract", "fees", 1, "outcome", 0): 11,
        ("contract", "fees", 1, "outcome", 1): 13,
        ("contract", "fees", 1, "extra"): 15,
        ("contract", "fees", 1, "extra", "k"): 16,
    }
