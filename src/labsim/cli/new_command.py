"""``labsim new NAME``."""

from __future__ import annotations

import click

from labsim.cli.common import common, echo
from labsim.words import Words


@click.command("new")
@click.argument("name")
@click.option(
    "--from", "base", default="finland", show_default=True, help="Scenario to start from."
)
@common
def command(name: str, base: str, *, quiet: bool, lang: str) -> None:
    """Write a commented starter scenario, NAME.toml; an existing file is never touched.

    Example: labsim new mine --from focus-tyopolut
    """
    from labsim.scenario.new import new

    words = Words(lang)
    file = new(name, base=base, words=words)
    if not quiet:
        echo(words("cli.new.written", file=file))
