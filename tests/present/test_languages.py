"""Charts and screen hold the words of every language: nothing cut, nothing over its neighbour."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from matplotlib.axes import Axes
from matplotlib.text import Text

from labsim.present import Results, render_screen
from labsim.present.charts import CHARTS, draw
from labsim.present.charts.style import style
from labsim.words import LANGUAGES, Words
from tests.present.frames import TWELVE, make_results
from tests.present.test_charts import overlaps, strays

BY_COUNT = {n: make_results(TWELVE[:n], 5, weeks=26) for n in (1, 3)}


def crowded(axes: Axes) -> bool:
    """Whether numbers below a panel reach into one another."""
    low, high = axes.get_xlim()
    shown = [tick.label1 for tick in axes.xaxis.get_major_ticks() if low <= tick.get_loc() <= high]
    ticks = [label.get_window_extent() for label in shown if label.get_visible()]
    return any(left.overlaps(right) for left, right in pairwise(ticks))


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != "en"])
@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize("count", BY_COUNT)
def test_every_chart_has_room_for_its_words(name: str, count: int, language: str) -> None:
    figure = draw(name, BY_COUNT[count], Words(language))
    with style():
        figure.canvas.draw()
    assert strays(figure) == []
    assert overlaps(figure) == []
    assert [axes.get_title(loc="left") for axes in figure.axes if crowded(axes)] == []
    assert [text for t in figure.findobj(Text) if (text := t.get_text()).endswith("...")] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("columns", [80, 100])
def test_the_screen_keeps_to_its_width(results: Results, language: str, columns: int) -> None:
    text = render_screen(results, Words(language), "report.html", columns=columns)
    assert max(map(len, text.splitlines())) <= columns


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_screen_has_room_for_its_words(language: str) -> None:
    text = render_screen(BY_COUNT[3], Words(language), "report.html")
    assert not re.search(r"\.\.\.(?![-+]?\d)", text)  # intervals are written -1...2


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_screen_keeps_to_letters_that_western_terminals_have(
    results: Results, language: str
) -> None:
    assert "?" not in render_screen(results, Words(language), encoding="latin-1")
