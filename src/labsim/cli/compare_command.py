"""``labsim compare FILE DESIGN...``."""

from __future__ import annotations

import click

from labsim.cli.common import common
from labsim.cli.simulating import Options, simulate, simulation_options


@click.command("compare")
@click.argument("file", metavar="FILE")
@click.argument("designs", nargs=-1, required=True, metavar="DESIGN...")
@simulation_options
@common
def command(
    file: str, designs: tuple[str, ...], *, quiet: bool, lang: str, **options: object
) -> int:
    """Compare ways of buying a service: the same people, the same luck, one design after another.

    FILE is a scenario and each DESIGN an overlay that changes how the service is bought: paths, or
    the ids of shipped ones. `own` is the scenario's own contract. The first design is the reference
    that the others are compared with.

    Example: labsim compare focus-tyopolut hourly mixed no-cure-no-pay
    """
    return simulate(file, designs, Options.of(options, quiet=quiet, lang=lang))
