"""``labsim check FILE...``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from labsim.cli.common import BAD_INPUT, common, complain, echo, warnings_of
from labsim.words import Words

if TYPE_CHECKING:
    from labsim.scenario.loaded import Loaded


@click.command("check")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--origin", is_flag=True, help="Show which file set each value, and its evidence.")
@common
def command(files: tuple[str, ...], *, origin: bool, quiet: bool, lang: str) -> int:
    """Check scenario files: print ok, or every error with its file, line and key.

    FILE is a scenario or a design: a path, or the id of a shipped one. A design is checked over
    the defaults.

    Example: labsim check mine.toml --origin
    """
    words = Words(lang)
    bad = False
    for file in files:
        loaded = _checked(file, words)
        if loaded is None:
            bad = True
        elif origin:
            echo("\n".join(_origins(loaded, words)))
        elif not quiet:
            echo(words("cli.ok") if len(files) == 1 else f"{_plain(file)}: {words('cli.ok')}")
    return BAD_INPUT if bad else 0


def _checked(file: str, words: Words) -> Loaded | None:
    from labsim.scenario import shipped
    from labsim.scenario.findings import BadInput
    from labsim.scenario.loading import load

    try:
        is_design = shipped.find(file).path.parent.name == "designs"
        loaded = load(shipped.BASE, design=file) if is_design else load(file)
    except BadInput as error:
        complain(error.findings, words)
        return None
    complain(warnings_of(loaded), words)
    return loaded


def _origins(loaded: Loaded, words: Words) -> list[str]:
    """One line for each value set: key, value, place, evidence."""
    from labsim.scenario.toml_text import shown

    lines = []
    for value in loaded.values():
        if value.value in (None, {}):
            continue
        if value.origin is None:
            place = words("cli.origin.default")
        else:
            place = _plain(value.origin.file) + (
                f":{value.origin.line}" if value.origin.line else ""
            )
        status, text = value.source
        evidence = status if not text else f"{status}: {text}"
        shown_value = shown(value.value)
        lines.append(f"{value.key} = {shown_value}  # {place}; {_plain(evidence)}")
    return lines


def _plain(text: str) -> str:
    from labsim.scenario.paths import escaped

    return escaped(text)
