"""``[sources]``: what each value rests on, and what is wrong with such statements."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, get_args

from labsim.scenario import keys
from labsim.scenario.layer import Layer
from labsim.scenario.merge import Merged
from labsim.scenario.parameter import Status
from labsim.scenario.paths import Path, dotted, parsed
from labsim.scenario.suggest import nearest
from labsim.scenario.toml_text import shown

STATUSES: tuple[str, ...] = get_args(Status)
LONGEST = 2000
Basis = Literal["verified", "derived", "memory", "assumption", "choice"]
"""Evidence of a value; ``choice`` where none is needed (a name, a seed)."""
Source = tuple[Basis, str]


def stated(layer: Layer, merged: Merged) -> dict[Path, Source]:
    """Return the sources that a layer states, by path; faults are noted in the layer.

    Parameters
    ----------
    layer
        The layer.
    merged
        The scenario with this layer laid, to know which names exist.
    """
    sources: dict[Path, Source] = {}
    for place, text in _leaves(layer.sources, ("sources",)):
        path = _meant(place[1:], merged)
        if path is None:
            _note_unknown(layer, place)
            continue
        source = _source(layer, place, text)
        if source is not None:
            sources[path] = source
    return sources


def _leaves(table: dict[str, Any], at: Path) -> Iterator[tuple[Path, Any]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _leaves(value, (*at, key))
        else:
            yield (*at, key), value


def _meant(place: Path, merged: Merged) -> Path | None:
    """Return the path that a key of ``[sources]`` names, plain or dotted inside quotes."""
    for path in (place, _spelt(place)):
        if path and _exists(path, merged):
            return path
    return None


def _spelt(place: Path) -> Path:
    path: Path = ()
    for part in place:
        path += parsed(str(part)) or (part,)
    return path


def _exists(path: Path, merged: Merged) -> bool:
    if keys.look_up(path) is None:
        return False
    for named in keys.NAMED:
        if path[: len(named)] == named and len(path) > len(named):
            return path[: len(named) + 1] in merged.origins
    return True


def _note_unknown(layer: Layer, place: Path) -> None:
    path = _spelt(place[1:])
    known = [key for key in keys.every_key() if "*" not in key]
    guess = nearest(dotted(path), [dotted(key) for key in (*known, *_named(layer))])
    if guess is None:
        layer.note(place, "source_of_nothing")
    else:
        layer.note(place, "source_of_nothing_guess", guess=guess)


def _named(layer: Layer) -> Iterator[Path]:
    for path in layer.lines:
        if any(path[: len(named)] == named and len(path) > len(named) for named in keys.NAMED):
            yield path


def _source(layer: Layer, place: Path, text: Any) -> Source | None:
    if not isinstance(text, str):
        layer.note(place, "text_type", got=shown(text))
        return None
    status, colon, rest = text.partition(":")
    if not colon or status not in STATUSES:
        layer.note(place, "source_form", got=shown(text))
        return None
    if len(text) > LONGEST or not text.isprintable():
        layer.note(place, "text_form", limit=f"{LONGEST:,}")
        return None
    return status, rest.strip()  # type: ignore[return-value]
