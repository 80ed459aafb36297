"""``labsim trace FILE --person ID``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from labsim.cli.common import common, complain, echo, warnings_of
from labsim.cli.describing import described
from labsim.cli.layout import heading, paragraph, side_by_side
from labsim.words import Words

if TYPE_CHECKING:
    from labsim.scenario.schema import Scenario
    from labsim.study.tracing import Progress, Traced

_TABLE = (-4, 10, 40, 40)
_LONGEST_ID = 18


@click.command("trace")
@click.argument("file", metavar="FILE")
@click.option("--person", required=True, metavar="ID", help="Number of the jobseeker, from 0.")
@click.option("--design", metavar="DESIGN", help="Design laid over FILE: a path, or a shipped id.")
@click.option(
    "--replication", default="0", metavar="N", show_default=True, help="Which repetition, from 0."
)
@click.option(
    "--set", "settings", multiple=True, metavar="KEY=VALUE",
    help="Set one value, as in a file; wins over every file. Can be repeated.",
)  # fmt: skip
@click.option("--seed", type=int, metavar="S", help="Another seed gives other people and luck.")
@common
def command(
    file: str,
    person: str,
    design: str | None,
    replication: str,
    settings: tuple[str, ...],
    seed: int | None,
    *,
    quiet: bool,
    lang: str,
) -> None:
    """Tell one simulated jobseeker's story, week by week, with every euro, beside the twin's.

    FILE is a scenario: a path, or the id of a shipped one. The twin is the same person with the
    same luck, without the service. A number that never starts the service is told the numbers of
    some who do.

    Example: labsim trace focus-tyopolut --person 2501 --design mixed
    """
    from labsim.scenario import load
    from labsim.study.titles import titled

    words = Words(lang)
    number = _whole(person, "trace.not_a_number", words)
    repetition = _whole(replication, "trace.negative_replication", words)
    if seed is not None:
        settings = (*settings, f"run.seed={seed}")
    loaded = load(file, design=design, settings=settings)
    if not quiet:
        complain(warnings_of(loaded), words)
    scenario = titled(loaded.scenario, lang)
    traced = _traced(scenario, number, repetition, words, quiet=quiet)
    lines = [*described(loaded, file, words), *_lines(scenario, traced, repetition, words)]
    echo("\n".join(lines))


def _whole(text: str, code: str, words: Words) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_ID):
        raise click.UsageError(words(code, got=text[:80]))
    return int(text)


def _traced(
    scenario: Scenario, person: int, replication: int, words: Words, *, quiet: bool
) -> Traced:
    from labsim.study.tracing import NoSuchPerson, trace

    try:
        with _progress(2 * scenario.run.weeks, words, quiet=quiet) as progress:
            return trace(scenario, person, replication, progress)
    except NoSuchPerson as error:
        if error.last < 0:
            raise click.UsageError(words("trace.nobody")) from None
        text = words("trace.out_of_range", last=str(error.last), got=str(person))
        raise click.UsageError(text) from None


@contextmanager
def _progress(weeks: int, words: Words, *, quiet: bool) -> Iterator[Progress | None]:
    """Show weeks done, rate and time left on stderr, on a terminal."""
    if quiet:
        yield None
        return
    from tqdm import tqdm

    unit = words("trace.progress_unit")
    with tqdm(
        total=weeks, unit=unit, file=sys.stderr, leave=False, disable=None, dynamic_ncols=True
    ) as bar:
        yield bar.update


def _lines(scenario: Scenario, traced: Traced, replication: int, words: Words) -> Iterator[str]:
    from labsim.study.balance import summary, who
    from labsim.study.story import story

    yield from heading(
        words("trace.title", person=str(traced.person), replication=str(replication))
    )
    for text in who(scenario, traced, words):
        yield from paragraph(text)
    yield from heading(words("trace.head"))
    yield from paragraph(words("trace.amounts"))
    yield ""
    names = [words(f"trace.columns.{name}") for name in ("week", "date", "with_service", "without")]
    yield from side_by_side(names, _TABLE)
    for week in story(scenario, traced, words):
        cells = [week.number, week.date, week.with_service, week.without]
        yield from side_by_side(cells, _TABLE)
    yield from heading(words("trace.summary.head"))
    for text in summary(scenario, traced, words):
        yield from paragraph(text, hang=2)
