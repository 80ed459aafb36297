"""What the schema says about a key: whether it exists, what kind of value it takes."""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from labsim.scenario.parameter import Section
from labsim.scenario.paths import Path, dotted
from labsim.scenario.schema import Scenario
from labsim.scenario.suggest import nearest

NAMED: frozenset[Path] = frozenset(
    {
        ("contract", "fees"),
        ("contract", "groups"),
        ("providers",),
        ("labour_market", "shocks"),
        ("population", "transfers"),
    }
)
"""Lists whose items have names, by which they are reached."""

MERGED_BY_NAME: frozenset[Path] = frozenset({("contract", "fees"), ("contract", "groups")})
"""Named lists of which a file may change single items; other lists are replaced."""


@dataclass(frozen=True)
class Key:
    """One key of the schema."""

    info: FieldInfo
    kind: Literal["table", "tables", "open", "leaf"]
    """A table; a list of tables; a table whose keys the user names; a value."""
    model: type[Section] | None
    """Declaration of the table or tables."""
    scalar: Any
    """Type of a value, without ``None``."""

    @property
    def choices(self) -> tuple[str, ...]:
        """Values allowed for a choice, or for the items of a list of choices."""
        kind = self.scalar
        if get_origin(kind) is list:
            kind = get_args(kind)[0]
        return get_args(kind) if get_origin(kind) is Literal else ()

    @property
    def is_text(self) -> bool:
        """Whether the value is a text, or one of several texts."""
        return self.scalar is str or get_origin(self.scalar) is Literal

    @property
    def is_words(self) -> bool:
        """Whether the value is words for people, a title or description, that rest on nothing."""
        return self.kind == "open" and self.scalar is str

    @property
    def extra(self) -> dict[str, Any]:
        """Unit, plausible range, status and source."""
        extra = self.info.json_schema_extra
        return dict(extra) if isinstance(extra, dict) else {}


@cache
def keys(model: type[Section]) -> dict[str, Key]:
    """Keys of a table as files name them, in the order of the declaration."""
    return {
        info.alias or name: _key(info)
        for name, info in model.model_fields.items()
        if name != "sources"
    }


def _key(info: FieldInfo) -> Key:
    scalar = _without_none(info.annotation)
    origin = get_origin(scalar)
    if isinstance(scalar, type) and issubclass(scalar, Section):
        return Key(info, "table", scalar, scalar)
    if origin is dict:
        return Key(info, "open", None, get_args(scalar)[1])
    item = get_args(scalar)[0] if origin is list else None
    if isinstance(item, type) and issubclass(item, Section):
        return Key(info, "tables", item, scalar)
    return Key(info, "leaf", None, scalar)


def _without_none(annotation: Any) -> Any:
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in (Union, types.UnionType):
        [annotation] = [part for part in get_args(annotation) if part is not type(None)]
        return _without_none(annotation)
    return annotation


def look_up(path: Path) -> Key | None:
    """Return the declaration of a path, ``None`` if the schema has no such key.

    Names of fees, groups and providers, and keys of open tables, are taken on trust.
    """
    model: type[Section] | None = Scenario
    key: Key | None = None
    at: Path = ()
    for part in path:
        at = (*at, part)
        if isinstance(part, int) or at[:-1] in NAMED:
            continue
        if key is not None and key.kind == "open":
            return key if at == path else None
        if model is None or str(part) not in keys(model):
            return None
        key = keys(model)[str(part)]
        model = key.model
    return key


@cache
def every_key() -> tuple[Path, ...]:
    """All paths of the schema; ``*`` stands for the name of a fee, group or provider."""
    return tuple(_walk(Scenario, ()))


def _walk(model: type[Section], at: Path) -> Iterator[Path]:
    for name, key in keys(model).items():
        path = (*at, name)
        yield path
        if key.model is not None:
            yield from _walk(key.model, (*path, "*") if path in NAMED else path)


def guess(path: Path) -> str | None:
    """Return the key most likely meant by an unknown one, as a user would write it.

    The same name in just one other table comes first, then a like name in the same table.
    """
    parent, name = path[:-1], str(path[-1])
    siblings = [str(key[-1]) for key in every_key() if _fits(key[:-1], parent)]
    elsewhere = [key for key in every_key() if key[-1] == name and "*" not in key]
    close = nearest(name, siblings)
    if elsewhere and (close is None or len(elsewhere) == 1):
        return dotted(elsewhere[0])
    return close


def _fits(pattern: Path, path: Path) -> bool:
    """Whether a path of the schema, with ``*``, is that of a table."""
    table = tuple(part for part in path if not isinstance(part, int))
    return len(pattern) == len(table) and all(
        mine in ("*", theirs) for mine, theirs in zip(pattern, table, strict=True)
    )
