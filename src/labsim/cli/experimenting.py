"""What commands on experiments share: loading one, with a bar while its points are checked."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from labsim.cli.common import complain

if TYPE_CHECKING:
    from labsim.study.experiment import Experiment
    from labsim.words import Words


def load_showing(file: str, words: Words, *, quiet: bool, check: bool = True) -> Experiment:
    """Load an experiment and say its warnings.

    Parameters
    ----------
    check
        Whether to check its points; those of a sweep that is resumed have been.

    Raises
    ------
    BadInput
        With every fault found.
    """
    from tqdm import tqdm

    from labsim.study.experiment import load_experiment

    with tqdm(
        unit=words("cli.point_unit"), file=sys.stderr, leave=False, delay=1,
        disable=True if quiet else None,
    ) as bar:  # fmt: skip

        def progress(done: int, points: int) -> None:
            bar.total = points
            bar.update(done)

        experiment = load_experiment(file, check=check, progress=progress)
    if not quiet:
        complain(experiment.warnings, words)
    return experiment
