"""``labsim run FILE``."""

from __future__ import annotations

import click

from labsim.cli.common import common
from labsim.cli.simulating import Options, simulate, simulation_options


@click.command("run")
@click.argument("file", metavar="FILE")
@simulation_options
@common
def command(file: str, *, quiet: bool, lang: str, **options: object) -> int:
    """Simulate one scenario and its twin without the service.

    FILE is a scenario: a path, or the id of a shipped one.

    Example: labsim run mine.toml --replications 10 --set coaching.max_uplift=0.4
    """
    return simulate(file, ("own",), Options.of(options, quiet=quiet, lang=lang))
