"""What all commands share: their options, and how they say that input is bad."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from labsim.words import LANGUAGES, Words

if TYPE_CHECKING:
    from labsim.scenario.findings import Finding
    from labsim.scenario.loaded import Loaded

Function = TypeVar("Function", bound=Callable[..., Any])
BAD_INPUT = 2


def common(function: Function) -> Function:
    """Give a command the options that every command has: ``--quiet`` and ``--lang``."""
    language = click.option(
        "--lang",
        type=click.Choice(LANGUAGES),
        default="en",
        show_default=True,
        help="Language of what is printed; English where a translation is missing.",
    )
    quiet = click.option("--quiet", is_flag=True, help="Print errors and results, nothing else.")
    return quiet(language(function))


def echo(text: str) -> None:
    """Print a line of result."""
    click.echo(text)


def warnings_of(loaded: Loaded) -> list[Finding]:
    """Return a scenario's warnings, with those that take the market's arithmetic."""
    if loaded.scenario.contract.budget_eur is None:
        return loaded.warnings
    from labsim.study.budget import shortfall

    return [*loaded.warnings, *shortfall(loaded)]


def complain(findings: Iterable[Finding], words: Words) -> None:
    """Print findings to stderr, one line each."""
    for finding in findings:
        click.echo(finding.line_in(words), err=True)
