"""Words that people read, in one language or several."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

from labsim.scenario.parameter import Fault, refuse

LANGUAGES = ("en", "fi", "sv")
LONGEST_TEXT = 2000


def _text(value: Any) -> dict[str, str]:
    """Accept ``"text"`` or ``{ fi = "...", sv = "..." }``; printable characters only."""
    texts = {"": value} if isinstance(value, str) else value
    if not isinstance(texts, dict) or not all(isinstance(text, str) for text in texts.values()):
        refuse([Fault("", "text_or_texts")])
    if not isinstance(value, str) and not set(texts) <= set(LANGUAGES):
        refuse([Fault("", "text_languages", languages=", ".join(LANGUAGES))])
    if any(
        len(text) > LONGEST_TEXT or not text.replace("\n", " ").isprintable()
        for text in texts.values()
    ):
        refuse([Fault("", "text_form", limit=f"{LONGEST_TEXT:,}")])
    return texts


def _written(texts: dict[str, str]) -> str | dict[str, str]:
    """Return a text as files have it."""
    return texts[""] if set(texts) == {""} else texts


Text = Annotated[
    dict[str, str],
    PlainValidator(_text),
    PlainSerializer(_written),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string"},
                {
                    "type": "object",
                    "properties": {language: {"type": "string"} for language in LANGUAGES},
                    "additionalProperties": False,
                },
            ]
        }
    ),
]
"""Words for people, by language; the key ``""`` holds a text given without a language."""


def in_language(text: dict[str, str], language: str) -> str:
    """Return a text in the language asked for, else in the first one there is."""
    for key in ("", language, *LANGUAGES):
        if key in text:
            return text[key]
    return ""
