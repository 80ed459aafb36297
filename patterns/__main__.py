"""Run the patterns and write `docs/patterns.md`, with a chart of each in `docs/patterns/`.

`python -m patterns` runs all of them, `python -m patterns 3 8` only some (and writes nothing).
"""

from __future__ import annotations

import sys
from pathlib import Path

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from labsim.present.charts.style import GREY, INK
from patterns.catalogue import PATTERNS
from patterns.core import CONFIDENCE, Claim, Pattern

DOCS = Path(__file__).resolve().parents[1] / "docs"
HEAD = f"""# What comes out, unforced

Made by `make patterns` (`python -m patterns`), from the experiments that the tests run. Each is a
small market with many replications; figures are means with {CONFIDENCE:.0%} intervals, designs
compared over the same people and the same luck. A claim holds when its whole interval lies inside
its limits.
"""


def draw(pattern: Pattern, path: Path) -> None:
    """Draw a pattern's chart into a file."""
    figure = Figure(figsize=(8, 3.6), dpi=120, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.tick_params(colors=INK, color=GREY)
    pattern.draw(axes)
    figure.savefig(path)


def row(claim: Claim) -> str:
    """Return a claim's row of the table."""
    mean, low, high = claim.interval()
    cells = (claim.text, f"{mean:.3g}", f"{low:.3g} to {high:.3g}", claim.limits, claim.verdict)
    return f"| {' | '.join(cells)} |"


def section(pattern: Pattern) -> str:
    """Return a pattern's part of the page."""
    rows = "\n".join(map(row, pattern.claims))
    return f"""
## {pattern.number}. {pattern.title}

{pattern.text}

![{pattern.title}](patterns/{pattern.number:02}.png)

| claim | mean | interval | limits | |
|---|---|---|---|---|
{rows}
"""


def main(numbers: list[int]) -> int:
    """Run patterns; the exit status is 1 if a claim does not hold."""
    found = []
    for number in numbers or sorted(PATTERNS):
        pattern = PATTERNS[number]()
        found.append(pattern)
        print(f"{number}. {pattern.title}")
        for claim in pattern.claims:
            print(f"   {claim.verdict}: {claim}")
    if not numbers:
        (DOCS / "patterns").mkdir(exist_ok=True)
        for pattern in found:
            draw(pattern, DOCS / "patterns" / f"{pattern.number:02}.png")
        (DOCS / "patterns.md").write_text(HEAD + "".join(map(section, found)), encoding="utf-8")
    return int(any(claim.verdict != "holds" for each in found for claim in each.claims))


if __name__ == "__main__":
    sys.exit(main([int(argument) for argument in sys.argv[1:]]))
