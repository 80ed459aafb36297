"""``labsim check FILE...``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from labsim.cli.common import BAD_INPUT, common, complain, echo, warnings_of
from labsim.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from labsim.scenario.loaded import Loaded
    from labsim.scenario.read import Document


@click.command("check")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--origin", is_flag=True, help="Show which file set each value, and its evidence.")
@common
def command(files: tuple[str, ...], *, origin: bool, quiet: bool, lang: str) -> int:
    """Check files: print ok, or every error with its file, line and key.

    FILE is a scenario or a design: a path, or the id of a shipped one; or an experiment, of which
    every point is checked under every design. A design is checked over the defaults.

    Example: labsim check mine.toml --origin
    """
    words = Words(lang)
    bad = False
    for file in files:
        checked = _checked(file, words, quiet=quiet)
        if checked is None:
            bad = True
        elif origin and not isinstance(checked, str):
            echo("\n".join(_origins(checked, words)))
        elif not quiet:
            said = checked if isinstance(checked, str) else words("cli.ok")
            echo(said if len(files) == 1 else f"{_plain(file)}: {said}")
    return BAD_INPUT if bad else 0


def _checked(file: str, words: Words, *, quiet: bool) -> Loaded | str | None:
    """Return a scenario that is good, or what there is to say of a good experiment."""
    from labsim.scenario import shipped
    from labsim.scenario.findings import BadInput
    from labsim.scenario.loading import load
    from labsim.scenario.read import read

    try:
        found = shipped.find(file)
        if found.path.is_file() and _is_experiment(read(found.path, found.shown)):
            return _experiment(file, words, quiet=quiet)
        is_design = found.path.parent.name == "designs"
        loaded = load(shipped.BASE, design=file) if is_design else load(file)
    except BadInput as error:
        complain(error.findings, words)
        return None
    complain(warnings_of(loaded), words)
    return loaded


def _is_experiment(document: Document) -> bool:
    from labsim.study.experiment.reading import is_experiment

    return is_experiment(document)


def _experiment(file: str, words: Words, *, quiet: bool) -> str:
    """Check an experiment, and say how much there is to run."""
    from labsim.cli.experimenting import load_showing

    experiment = load_showing(file, words, quiet=quiet)
    if quiet:
        complain(experiment.warnings, words)
    stop = experiment.stop
    ends = (experiment.replications or 0,) * 2 if stop is None else (stop.least, stop.most)
    runs = [experiment.points * len(experiment.designs) * number for number in ends]
    return words(
        "cli.ok_experiment",
        points=words.number(experiment.points),
        designs=words.number(len(experiment.designs)),
        replications=_span(ends, words),
        runs=_span(runs, words),
    )


def _span(ends: Iterable[int], words: Words) -> str:
    """Write the lowest and the highest of a number, once if they are the same."""
    return "-".join(dict.fromkeys(words.number(end) for end in ends))


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
