"""``labsim validate [ID...]``."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from labsim.cli.common import BAD_INPUT, common, echo
from labsim.words import Words

if TYPE_CHECKING:
    from labsim.present import Validated
    from labsim.study.store import ResultFolder
    from labsim.study.validation.validate import Validation

FAILED = 1


@click.command("validate")
@click.argument("ids", nargs=-1, metavar="[ID...]")
@click.option(
    "--replications", type=int, metavar="N", help="Repetitions of each market; default: 10."
)
@click.option(
    "--workers", type=click.IntRange(1, 1024), default=None, metavar="N",
    help="Processes to use; default: all cores.",
)  # fmt: skip
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="DIR",
    help="Folder for results; default: results/validation, or the next free -2, -3.",
)  # fmt: skip
@click.option("--force", is_flag=True, help="Let --out replace a folder of results.")
@common
def command(
    ids: tuple[str, ...],
    *,
    replications: int | None,
    workers: int | None,
    out: Path | None,
    force: bool,
    quiet: bool,
    lang: str,
) -> int:
    """Compare simulated pilots with what their evaluations reported.

    ID is a fact (REF-21) or a subject (REF); all of them if left out. Writes validation.csv, a row
    per fact, differences.csv, what each pilot sets, and a chart.

    Example: labsim validate REF OUT-07 --replications 5
    """
    from labsim.study.store import CannotWrite, ResultFolder
    from labsim.study.validation.validate import UnknownFact, chosen

    words = Words(lang)
    if replications is not None and replications < 1:
        raise click.UsageError(words("validate.too_few", n=str(replications)))
    try:
        wanted = chosen(ids)
    except UnknownFact as error:
        key = "unknown_fact_guess" if error.guess else "unknown_fact"
        text = words(f"validate.{key}", id=error.asked[:80], guess=error.guess)
        raise click.UsageError(text) from None
    try:
        with ResultFolder(out, Path("results") / "validation", force=force) as folder:
            begun = time.monotonic()
            found = _validated([fact.id for fact in wanted], replications, workers, words, quiet)
            if found is None:
                return FAILED
            return _present(found, time.monotonic() - begun, folder, words, quiet=quiet)
    except CannotWrite as error:
        click.echo(str(error), err=True)
        return BAD_INPUT


def _validated(
    ids: Sequence[str],
    replications: int | None,
    workers: int | None,
    words: Words,
    quiet: bool,
) -> Validation | None:
    from labsim.study.executor import cores
    from labsim.study.validation.simulating import NothingSimulated
    from labsim.study.validation.validate import chosen, validate, work

    wanted = chosen(ids)
    todo = work(wanted, replications)
    try:
        with _progress(len(todo), words, quiet=quiet) as progress:
            return validate(wanted, todo, workers=workers or cores(), progress=progress)
    except NothingSimulated as nothing:
        click.echo(words("validate.nothing_done", reasons=str(nothing)), err=True)
        return None


def _present(
    found: Validation, seconds: float, folder: ResultFolder, words: Words, *, quiet: bool
) -> int:
    from labsim import __version__
    from labsim.present import Validated, render_validation, write_validation_chart
    from labsim.study.validation.differences import differences

    shown = Validated(
        found.table, differences(), found.worlds, found.runs, found.replications, seconds,
        __version__,
    )  # fmt: skip
    _write(shown, folder.aside)
    write_validation_chart(shown, folder.aside / "charts", words)
    target = folder.publish()
    if quiet:
        echo(str(target))
    else:
        files = (str(target / "validation.csv"), str(target / "differences.csv"))
        echo(render_validation(shown, words, files).rstrip("\n"))
    for reason in found.failures:
        click.echo(words("validate.failed", reason=reason), err=True)
    return FAILED if found.failures else 0


def _write(shown: Validated, folder: Path) -> None:
    table, differences = shown.table, shown.differences
    manifest = {
        "labsim": shown.version,
        "command": "validate",
        "markets": shown.worlds,
        "runs": shown.runs,
        "replications": shown.replications,
        "wall_seconds": round(shown.seconds, 1),
        "row_counts": {"validation": len(table), "differences": len(differences)},
    }
    text = json.dumps(manifest, indent=2)
    (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")
    table.to_csv(folder / "validation.csv", index=False, lineterminator="\n")
    differences.to_csv(folder / "differences.csv", index=False, lineterminator="\n")


@contextmanager
def _progress(total: int, words: Words, *, quiet: bool) -> Iterator[Callable[[int], None] | None]:
    """Show replications done, rate and time left on stderr, on a terminal."""
    if quiet or not total:
        yield None
        return
    from tqdm import tqdm

    with tqdm(
        total=total, unit=words("validate.run_unit"), file=sys.stderr, leave=False,
        smoothing=0.05, disable=None, dynamic_ncols=True,
    ) as bar:  # fmt: skip

        def advance(done: int) -> None:
            bar.update(done)

        yield advance
