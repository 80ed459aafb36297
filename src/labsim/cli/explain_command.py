"""``labsim explain FILE``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from labsim.cli.common import common, complain, echo, warnings_of
from labsim.cli.describing import described
from labsim.cli.layout import heading, paragraph, side_by_side
from labsim.words import Words

if TYPE_CHECKING:
    from labsim.scenario.loaded import Loaded
    from labsim.study.examples import Example

SCHEDULE = "schedule"
_EXAMPLE = (7, 10, 62, -12)


@click.command("explain")
@click.argument("file", metavar="FILE")
@click.option("--design", metavar="DESIGN", help="Design laid over FILE: a path, or a shipped id.")
@click.option("--assumptions", is_flag=True, help="List every value that rests on assumption.")
@click.option(
    "--set", "settings", multiple=True, metavar="KEY=VALUE",
    help="Set one value, as in a file; wins over every file. Can be repeated.",
)  # fmt: skip
@common
def command(
    file: str,
    design: str | None,
    settings: tuple[str, ...],
    *,
    assumptions: bool,
    quiet: bool,
    lang: str,
) -> None:
    """Explain a contract in plain words, with what a provider is paid for five typical clients.

    FILE is a scenario or a design: a path, or the id of a shipped one. `labsim explain schedule`
    lists what happens in a simulated week.

    Example: labsim explain focus-tyopolut --design no-cure-no-pay
    """
    words = Words(lang)
    if file == SCHEDULE:
        if design or settings or assumptions:
            raise click.UsageError(words("cli.explain.schedule_alone"))
        lines = list(_schedule(words))
    else:
        from labsim.scenario import load

        file, design = _whole(file, design)
        loaded = load(file, design=design, settings=settings)
        if not quiet:
            complain(warnings_of(loaded), words)
        body = _assumptions(loaded, words) if assumptions else _contract(loaded, words)
        lines = [*described(loaded, file, words), *body]
    echo("\n".join(lines))


def _whole(file: str, design: str | None) -> tuple[str, str | None]:
    """Return scenario and design; a shipped design alone is laid over the defaults."""
    from labsim.scenario import shipped

    if design is None and shipped.find(file).path.parent.name == "designs":
        return shipped.BASE, file
    return file, design


def _contract(loaded: Loaded, words: Words) -> Iterator[str]:
    from labsim.study.examples import examples
    from labsim.study.explain import example_lines, explain, has_examples
    from labsim.study.titles import titled

    scenario = titled(loaded.scenario, words.language)
    for block in explain(scenario, words):
        yield from heading(block.heading)
        for text in block.paragraphs:
            yield from paragraph(text, hang=2)
    if not has_examples(scenario):
        return
    yield from heading(words("explain.heading.examples"))
    for text in example_lines(scenario, words):
        yield from paragraph(text)
    for example in examples(scenario, words):
        yield from _example(example, words)


def _example(example: Example, words: Words) -> Iterator[str]:
    yield ""
    yield from paragraph(example.title, hang=3)
    names = [words(f"explain.examples.columns.{name}") for name in ("weeks", "date", "text", "eur")]
    yield from side_by_side(names, _EXAMPLE)
    shown = ["", ""]
    for row in example.rows:
        cents = "" if row.cents is None else words.number(row.cents / 100, 2)
        place = [row.weeks, row.date]
        yield from side_by_side(
            [*(["", ""] if place == shown else place), row.text, cents], _EXAMPLE
        )
        shown = place
    total = words.number(example.cents / 100, 2)
    yield from side_by_side(["", "", words("explain.examples.total"), total], _EXAMPLE)
    for note in example.notes:
        yield from paragraph(note, indent=9, hang=2)


def _schedule(words: Words) -> Iterator[str]:
    from labsim.study.explain import schedule

    yield from heading(words("explain.heading.schedule"))[1:]
    for number, (name, meaning) in enumerate(schedule(words), start=1):
        yield from side_by_side([words.number(number), name, meaning], (-3, 16, 77))


def _assumptions(loaded: Loaded, words: Words) -> Iterator[str]:
    from labsim.study.basis import by_section, counts, unsure

    rows = unsure(loaded, words)
    yield from heading(words("explain.heading.assumptions"))
    yield from paragraph(counts(loaded, words))
    if not rows:
        yield from paragraph(words("explain.assumptions.none"))
        return
    yield from paragraph(words("explain.assumptions.intro"))
    yield from paragraph(words("explain.assumptions.order"))
    for section, found in by_section(rows).items():
        n = words.number(len(found))
        yield from heading(words("explain.assumptions.section", section=section, n=n))
        for row in found:
            yield from paragraph(row.value, hang=4)
            yield from paragraph(row.description, indent=4)
            yield from paragraph(f"{row.status}: {row.source} ({row.place})", indent=4, hang=2)
