"""Every text that a user meets, from one catalogue, in the language asked for.

Texts live in ``strings/<language>/<topic>.toml``; a key is the topic and the place in that file,
``errors.too_small``. A text holds named fields, ``must be {limit} or more``, and nothing else is
interpreted: no attribute, index or format is reached from a text, and values are never parsed.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Any

from labsim.numbers import number, percent, signed

LANGUAGES = ("en", "fi", "sv")
FALLBACK = "en"
_FIELD = re.compile(r"\{\{|\}\}|\{([a-z][a-z0-9_]*)\}")


class Words:
    """The catalogue in one language; a text missing there comes in English.

    Parameters
    ----------
    language
        ``en``, ``fi`` or ``sv``.
    """

    def __init__(self, language: str = FALLBACK) -> None:
        if language not in LANGUAGES:
            raise ValueError(f"language must be one of {', '.join(LANGUAGES)} (got {language!r})")
        self.language = language

    def __call__(self, key: str, /, **values: Any) -> str:
        """Return the text of ``key`` with its fields filled in.

        Raises
        ------
        KeyError
            If English has no such text, or a field has no value.
        """
        return fill(self.template(key), values)

    def __contains__(self, key: str) -> bool:
        """Whether the language or English has this text."""
        return key in catalogue(self.language) or key in catalogue(FALLBACK)

    def template(self, key: str) -> str:
        """Return the text of ``key`` with its fields unfilled."""
        texts = catalogue(self.language)
        return texts[key] if key in texts else catalogue(FALLBACK)[key]

    def count(self, key: str, n: int, /, **values: Any) -> str:
        """Return ``key.one`` or ``key.many``, by ``n``, which fills the field ``n``."""
        form = "one" if n == 1 else "many"
        return self(f"{key}.{form}", n=self.number(n), **values)

    def meaning(self, english: str) -> str:
        """Return what a key of scenario files means, its unit, or a phase's name, in the language.

        The English of these is where they are declared; the topic ``parameters`` of the other
        languages has it as the key of the text.
        """
        return catalogue(self.language).get(f"parameters.{english}", english)

    def every(self, items: Iterable[str]) -> str:
        """Join what belongs together: ``a, b and c``."""
        return self._joined(items, "explain.also")

    def either(self, items: Iterable[str]) -> str:
        """Join what may stand for one another: ``a, b or c``."""
        return self._joined(items, "explain.or")

    def _joined(self, items: Iterable[str], word: str) -> str:
        *first, last = list(items) or [""]
        return self(word).join([self("explain.comma").join(first), last] if first else [last])

    def number(self, value: float, decimals: int = 0) -> str:
        """Write a number with the language's separators."""
        return number(value, decimals, self.language)

    def signed(self, value: float, decimals: int = 0) -> str:
        """Write a number with its sign always shown."""
        return signed(value, decimals, self.language)

    def percent(self, share: float, decimals: int = 0) -> str:
        """Write a share of 1 as a percentage."""
        return percent(share, decimals, self.language)


def fill(template: str, values: dict[str, Any]) -> str:
    """Fill the ``{name}`` fields of a text; ``{{`` and ``}}`` stand for braces."""

    def replacement(match: re.Match[str]) -> str:
        name = match.group(1)
        return match.group()[0] if name is None else str(values[name])

    return _FIELD.sub(replacement, template)


def fields(template: str) -> set[str]:
    """Names of the fields of a text."""
    return {match.group(1) for match in _FIELD.finditer(template) if match.group(1)}


@cache
def catalogue(language: str) -> dict[str, str]:
    """All texts of a language, by key."""
    folder = resources.files("labsim") / "strings" / language
    texts: dict[str, str] = {}
    if not folder.is_dir():
        return texts
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            topic = tomllib.loads(file.read_text(encoding="utf-8"))
            texts.update(_flat(topic, file.name.removesuffix(".toml")))
    return texts


def _flat(table: dict[str, Any], prefix: str) -> dict[str, str]:
    texts: dict[str, str] = {}
    for key, value in table.items():
        name = f"{prefix}.{key}"
        if isinstance(value, dict):
            texts.update(_flat(value, name))
        elif isinstance(value, str):
            texts[name] = value
        else:
            raise TypeError(f"{name} of the catalogue must be a text")
    return texts
