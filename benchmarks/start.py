"""How long a command takes that simulates nothing."""

from __future__ import annotations

import subprocess
import sys

from benchmarks.measure import ratios, show, timed

REPETITIONS = 5


def start_up() -> None:
    """Time ``labsim --help`` against an empty Python."""
    tool = "import sys; from labsim.cli import main; sys.exit(main(['--help']))"
    helps, empties = [], []
    for _ in range(REPETITIONS):
        helps.append(timed(lambda: _python(tool)))
        empties.append(timed(lambda: _python("pass")))
    show("labsim --help (aim: under 0.5)", helps, "s")
    show("labsim --help / empty Python", ratios(helps, empties), "times")


def _python(code: str) -> None:
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
