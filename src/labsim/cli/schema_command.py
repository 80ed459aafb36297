"""``labsim schema``."""

from __future__ import annotations

import click

from labsim.cli.common import common, echo


@click.command("schema")
@common
def command(*, quiet: bool, lang: str) -> None:
    """Print the JSON Schema of scenario files, for editors that complete and check TOML.

    Example: labsim schema > labsim.schema.json
    """
    del quiet, lang  # every command takes them; a schema is the same in all
    import json

    from labsim.scenario.editors import json_schema

    echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))
