"""Usage errors in one plain line, with the name that was probably meant."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterable

    from labsim.words import Words


def line_of(error: click.ClickException, words: Words, called: str) -> str:
    """Return a usage error as one line, naming the command whose help explains more."""
    message = " ".join(_message(error, words).split())
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else called
    return words("errors.see_help", message=message.rstrip("."), command=command)


def _message(error: click.ClickException, words: Words) -> str:
    if isinstance(error, click.NoSuchOption):
        guess = _nearest(error.option_name, error.possibilities or _options(error.ctx))
        return _with_guess(words, "no_such_option", error.option_name, guess)
    return error.format_message()


def no_such_command(name: str, known: Iterable[str], words: Words) -> str:
    """Return the words for a command that does not exist."""
    return _with_guess(words, "no_such_command", name, _nearest(name, known))


def _with_guess(words: Words, code: str, name: str, guess: str | None) -> str:
    if guess is None:
        return words(f"errors.{code}", name=name)
    return words(f"errors.{code}_guess", name=name, guess=guess)


def _options(context: click.Context | None) -> list[str]:
    if context is None:
        return []
    return [option for parameter in context.command.params for option in parameter.opts]


def _nearest(name: str, known: Iterable[str]) -> str | None:
    close = difflib.get_close_matches(name[:80], sorted(known), n=1)
    return close[0] if close else None
