"""``labsim sweep EXPERIMENT``."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from labsim.cli.common import BAD_INPUT, common, echo
from labsim.words import Words

if TYPE_CHECKING:
    from labsim.study.experiment import Experiment
    from labsim.study.sweep.plan import Plan
    from labsim.study.sweep.sweeping import Outcome

FAILED, INTERRUPTED = 1, 130


@click.command("sweep")
@click.argument("experiment", metavar="EXPERIMENT")
@click.option(
    "--workers", type=click.IntRange(1, 1024), default=None, metavar="N",
    help="Processes to use; default: all cores.",
)  # fmt: skip
@click.option(
    "--cluster", metavar="ADDRESS",
    help="Use the workers of the Dask scheduler at this address, as in tcp://host:8786.",
)  # fmt: skip
@click.option("--resume", is_flag=True, help="Go on with what is in the folder.")
@click.option("--only-failed", is_flag=True, help="Try again the runs that failed, and no others.")
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="DIR",
    help="Folder for results; default: results/<experiment>.",
)  # fmt: skip
@common
def command(
    experiment: str,
    *,
    workers: int | None,
    cluster: str | None,
    resume: bool,
    only_failed: bool,
    out: Path | None,
    quiet: bool,
    lang: str,
) -> int:
    """Run an experiment: many points, each under every design.

    EXPERIMENT is a file; docs/experiments.md says what is in it. What is finished is never lost:
    after a crash, a full disk or Ctrl-C, --resume does the rest, and the tables are the same as if
    nothing had happened.

    Example: labsim sweep experiments/focus-fee-share.toml --workers 2
    """
    from labsim.cli.experimenting import load_showing
    from labsim.study.executor import cores
    from labsim.study.sweep.faults import SweepStopped
    from labsim.study.sweep.folder import is_begun, look_at
    from labsim.study.sweep.sweeping import Where, sweep

    words = Words(lang)
    if cluster is not None and workers is not None:
        raise click.UsageError(words("sweep.workers_or_cluster"))
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # faults are told in one line
    folder = out or Path("results") / Path(experiment).stem
    try:
        look_at(folder, resume=resume, only_failed=only_failed)  # before anything that takes long
        what = load_showing(experiment, words, quiet=quiet, check=not is_begun(folder))
        with _progress(words, quiet=quiet) as progress:
            outcome = sweep(
                what, folder, Where(workers or cores(), cluster),
                resume=resume, only_failed=only_failed, progress=progress,
            )  # fmt: skip
    except SweepStopped as stopped:
        for line in stopped.lines_in(words):
            click.echo(line, err=True)
        return FAILED if stopped.begun else BAD_INPUT
    return _told(outcome, what, words, quiet=quiet)


def _told(outcome: Outcome, what: Experiment, words: Words, *, quiet: bool) -> int:
    """Say how it ended, and return the exit code."""
    about = outcome.statistics
    if about.interrupted:
        click.echo(words("sweep.interrupted", n=words.number(about.left)), err=True)
        return INTERRUPTED
    if about.left:
        click.echo(words("sweep.left", n=words.number(about.left)), err=True)
    elif not quiet:
        numbers = {"points": what.points, "designs": len(what.designs), "runs": about.done}
        texts = {key: words.number(number) for key, number in numbers.items()}
        echo(words("sweep.done", **texts, seconds=words.number(about.wall_seconds)))
    if about.failed:
        file = str(outcome.folder / "failed.csv")
        click.echo(words.count("sweep.failed", about.failed, file=file), err=True)
    if not about.left:
        echo(str(outcome.folder))
    return FAILED if about.failed else 0


@contextmanager
def _progress(words: Words, *, quiet: bool) -> Iterator[Callable[[Plan], None] | None]:
    """Show runs done, rate, time left and failures on stderr, on a terminal."""
    if quiet:
        yield None
        return
    bars: list[Any] = []

    def show(plan: Plan) -> None:
        from labsim.study.sweep.plan import State

        if not bars:
            bars.append(_bar(plan, words))
        (bar,) = bars
        bar.total = plan.total
        bar.update(plan.over - bar.n)
        failed = plan.count(State.FAILED)
        if failed:
            bar.set_postfix_str(words("sweep.failing", n=words.number(failed)))

    try:
        yield show
    finally:
        for bar in bars:
            bar.close()


def _bar(plan: Plan, words: Words) -> Any:
    from tqdm import tqdm

    return tqdm(
        total=plan.total, initial=plan.over, unit=words("sweep.run_unit"), file=sys.stderr,
        leave=False, smoothing=0.05, disable=None, dynamic_ncols=True,
    )  # fmt: skip
