"""What `run` and `compare` share: load everything, simulate, write, show."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from labsim.cli.common import BAD_INPUT, echo, warnings_of
from labsim.words import Words

if TYPE_CHECKING:
    from labsim.present import Results
    from labsim.scenario import Loaded, Value
    from labsim.study.comparison import Comparison
    from labsim.study.store import ResultFolder

FAILED, INTERRUPTED = 1, 130


@dataclass(frozen=True)
class Options:
    """Options of a simulating command."""

    settings: tuple[str, ...]
    workers: int
    people: bool
    force: bool
    out: Path | None
    quiet: bool
    words: Words

    @classmethod
    def of(cls, given: dict[str, Any], *, quiet: bool, lang: str) -> Options:
        """Read click's options; a number of replications or a seed is a setting like any other."""
        run = [key for key in ("replications", "seed") if given[key] is not None]
        settings = [*given["settings"], *(f"run.{key}={given[key]}" for key in run)]
        return cls(
            tuple(settings), given["workers"], given["people"], given["force"], given["out"],
            quiet, Words(lang),
        )  # fmt: skip


def simulation_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of interface.md for simulating."""
    options = [
        click.option(
            "--set", "settings", multiple=True, metavar="KEY=VALUE",
            help="Set one value, as in a file; wins over every file. Can be repeated.",
        ),
        click.option(
            "--replications", type=int, metavar="N", help="Repetitions with other people and luck.",
        ),
        click.option("--seed", type=int, metavar="S", help="Another seed gives other luck."),
        click.option(
            "--workers", type=click.IntRange(1, 1024), default=None, metavar="N",
            help="Processes to use; default: all cores.",
        ),
        click.option(
            "--people", is_flag=True,
            help="Also write people.parquet, a row per person and design.",
        ),
        click.option(
            "--parameters", type=click.Choice(["none"]), default="none",
            help="A calibrated set of parameters; this version has none.",
        ),
        click.option("--force", is_flag=True, help="Let --out replace a folder of results."),
        click.option(
            "--out", type=click.Path(path_type=Path), metavar="DIR",
            help="Folder for results; default: results/<scenario>, or the next free -2, -3.",
        ),
    ]  # fmt: skip
    for option in reversed(options):
        function = option(function)
    return function


def simulate(file: str, designs: Sequence[str], options: Options) -> int:
    """Simulate designs on a scenario; return the exit code."""
    loaded, own, warnings = load_designs(file, designs, options.settings, options.words)
    if not options.quiet:
        for line in warnings:
            click.echo(line, err=True)

    from labsim.study.store import CannotWrite, ResultFolder

    try:
        with ResultFolder(
            options.out, Path("results") / loaded[0].name, force=options.force
        ) as folder:
            return _simulate_into(folder, loaded, own, options)
    except CannotWrite as error:
        click.echo(str(error), err=True)
        return BAD_INPUT


def load_designs(
    file: str, designs: Sequence[str], settings: Sequence[str], words: Words
) -> tuple[list[Loaded], Loaded, list[str]]:
    """Load a scenario under each design; faults of all of them are raised together.

    Returns
    -------
    list of Loaded
        One per design.
    Loaded
        The scenario as its file says, for its title and assumptions.
    list of str
        Warnings, each once.
    """
    from labsim.scenario import BadInput, load
    from labsim.scenario.loading import OWN
    from labsim.study.twin import TWIN

    loaded, findings = [], []
    for design in designs:
        try:
            loaded.append(load(file, settings=settings, design=design))
        except BadInput as error:
            findings += [finding for finding in error.findings if finding not in findings]
    if findings:
        raise BadInput(findings)
    names = [item.design for item in loaded]
    for name, asked in zip(names, designs, strict=True):
        taken = name == TWIN or (name == OWN and asked != OWN) or name[:1] in "=+-@"
        if taken:
            raise click.UsageError(words("cli.reserved_design", name=name))
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise click.UsageError(words("cli.design_twice", name=twice[0]))
    warnings = {finding.line_in(words): None for item in loaded for finding in warnings_of(item)}
    return loaded, load(file), list(warnings)


def _simulate_into(
    folder: ResultFolder, loaded: list[Loaded], own: Loaded, options: Options
) -> int:
    from labsim.study.comparison import NothingDone, compare
    from labsim.study.executor import cores
    from labsim.study.store import PeopleWriter, write_tables

    people = PeopleWriter(folder.aside / "people.parquet") if options.people else None
    runs = loaded[0].scenario.run.replications * len(loaded)
    try:
        with progress_bar(runs, options) as progress:
            comparison = compare(
                loaded,
                title=own.scenario.title,
                workers=options.workers or cores(),
                progress=progress,
                people=people,
            )
    except NothingDone as nothing:
        return _nothing(nothing.failures, nothing.interrupted, options.words)
    finally:
        if people is not None:
            people.close()
    if people is not None:
        comparison.manifest["row_counts"]["people"] = people.rows
    write_tables(comparison, folder.aside)
    _present(comparison, own, folder, options)
    return _code(comparison, options.words)


def _present(comparison: Comparison, own: Loaded, folder: ResultFolder, options: Options) -> None:
    from labsim.present import render_report, render_screen, write_charts

    results, words = as_results(comparison, own, options.words), options.words
    charts = write_charts(results, folder.aside / "charts", words)
    (folder.aside / "report.html").write_text(
        render_report(results, words, charts), encoding="utf-8"
    )
    target = folder.publish()
    if options.quiet:
        echo(str(target))
    else:
        encoding = sys.stdout.encoding or "utf-8"
        columns = min(max(shutil.get_terminal_size((100, 24)).columns, 80), 100)
        report = str(target / "report.html")
        screen = render_screen(results, words, report, encoding=encoding, columns=columns)
        echo(screen.rstrip("\n"))


def as_results(comparison: Comparison, own: Loaded, words: Words) -> Results:
    """Hand a comparison to the present room, with its assumptions and contracts in words."""
    from labsim.present import Results
    from labsim.study.contracts import contract_lines
    from labsim.study.titles import titled

    rows = {(value.key, str(value.value)): _evidence(value, "", words) for value in own.values()}
    for item in comparison.loaded:
        for value in item.values():
            rows.setdefault((value.key, str(value.value)), _evidence(value, item.design, words))
    contracts = {
        item.design: contract_lines(titled(item.scenario, words.language), words)
        for item in comparison.loaded
    }
    return Results(
        comparison.runs,
        comparison.weekly,
        comparison.ledger,
        comparison.summary,
        comparison.manifest,
        [row for row in rows.values() if row["status"] != "choice"],
        contracts,
    )


def _evidence(value: Value, design: str, words: Words) -> dict[str, Any]:
    """Return what a value rests on; `design` is empty for values of the scenario itself."""
    return {
        "path": value.key,
        "value": value.value,
        "unit": words.meaning(value.unit),
        "description": words.meaning(value.description),
        "status": value.source[0],
        "source": value.source[1],
        "origin": value.origin.file if value.origin else "",
        "design": design,
    }


def _nothing(failures: dict[int, str], interrupted: bool, words: Words) -> int:
    _tell_failures(failures, words)
    click.echo(words("cli.nothing_done"), err=True)
    return INTERRUPTED if interrupted else FAILED


def _code(comparison: Comparison, words: Words) -> int:
    _tell_failures(comparison.failures, words)
    if comparison.interrupted:
        click.echo(words("cli.interrupted"), err=True)
        return INTERRUPTED
    return FAILED if comparison.failures else 0


def _tell_failures(failures: dict[int, str], words: Words) -> None:
    for number, error in sorted(failures.items()):
        click.echo(words("cli.replication_failed", number=number, error=error), err=True)


@contextmanager
def progress_bar(runs: int, options: Options) -> Iterator[Callable[[int], None] | None]:
    """Show runs done, rate and time left, on a terminal and unless asked to be quiet."""
    if options.quiet:
        yield None
        return
    from tqdm import tqdm

    with tqdm(
        total=runs, unit=options.words("cli.run_unit"), file=sys.stderr, leave=False,
        smoothing=0.05, disable=None, dynamic_ncols=True,
    ) as bar:  # fmt: skip

        def advance(runs_done: int) -> None:
            bar.update(runs_done)

        yield advance
