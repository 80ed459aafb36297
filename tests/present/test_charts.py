"""Charts draw for any number of designs and any gaps, keep to the page, and never change."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree as ET

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from matplotlib.text import Text

from labsim.present import Results, write_charts
from labsim.present.charts import CHARTS, draw
from labsim.present.charts.style import DPI, HEIGHT, PALETTE, WIDTH, colour, style
from labsim.present.view import View
from labsim.words import Words
from tests.present.frames import TWELVE, make_results
from tests.present.test_screen import HOSTILE

WORDS = Words("en")
BY_COUNT = {n: make_results(TWELVE[:n], 5, weeks=26) for n in (1, 2, 7, 12)}


def laid_out(name: str, results: Results) -> Figure:
    """Draw a chart with everything in its final place."""
    figure = draw(name, results, WORDS)
    with style():
        figure.canvas.draw()
    return figure


def strays(figure: Figure) -> list[str]:
    """Whatever reaches beyond the page, tick labels and notes of panels included."""
    page = figure.bbox.padded(1)
    boxes = {axes.get_title(loc="left"): axes.get_tightbbox() for axes in figure.axes}
    boxes |= {text.get_text(): text.get_window_extent() for text in figure.texts}
    boxes |= {f"legend {i}": key.get_window_extent() for i, key in enumerate(figure.legends)}
    return [
        name
        for name, box in boxes.items()
        if box and not (page.contains(box.x0, box.y0) and page.contains(box.x1, box.y1))
    ]


def overlaps(figure: Figure) -> list[tuple[str, str]]:
    """Panels, with all their texts, that reach into one another or into the legend."""
    parts = [(axes.get_title(loc="left"), axes.get_tightbbox()) for axes in figure.axes]
    parts += [("legend", key.get_window_extent()) for key in figure.legends]
    parts += [(text.get_text(), text.get_window_extent()) for text in figure.texts]
    return [
        (first[0], second[0])
        for first, second in combinations(parts, 2)
        if first[1] and second[1] and first[1].padded(-1).overlaps(second[1].padded(-1))
    ]


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize("count", BY_COUNT)
def test_every_chart_keeps_to_the_page(name: str, count: int) -> None:
    figure = laid_out(name, BY_COUNT[count])
    assert strays(figure) == []
    assert overlaps(figure) == []
    assert tuple(figure.get_size_inches() * figure.dpi) == pytest.approx((WIDTH, HEIGHT))


@pytest.mark.parametrize("name", CHARTS)
def test_the_first_design_is_what_others_are_compared_with(name: str) -> None:
    texts = {t.get_text() for t in draw(name, BY_COUNT[2], WORDS).findobj(Text)}
    assert any("hourly" in text for text in texts)


@pytest.mark.parametrize("name", CHARTS)
def test_undefined_numbers_leave_a_note_and_no_crash(name: str) -> None:
    results = BY_COUNT[2]
    summary = results.summary.copy()
    summary.loc[:, "mean":] = np.nan
    empty = replace(results, summary=summary, weekly=results.weekly.iloc[:0])
    texts = [t.get_text() for t in draw(name, empty, WORDS).findobj(Text)]
    assert any(text.replace("\n", " ") == "Cannot be told from these runs." for text in texts)


@pytest.mark.parametrize("name", CHARTS)
def test_one_replication_shows_no_intervals(name: str) -> None:
    results = make_results(TWELVE[:3], 1, weeks=8)
    figure = laid_out(name, results)
    assert strays(figure) == []
    texts = " ".join(t.get_text() for t in figure.findobj(Text)).replace("\n", " ")
    assert "95\u00a0%" not in texts
    assert not re.search(r"\d to -?\d", texts)


@pytest.mark.parametrize("title", HOSTILE.values(), ids=HOSTILE)
def test_hostile_names_are_drawn_as_they_are(title: str) -> None:
    results = make_results([title, f"{title}!"], 2, weeks=2, title={"": title})
    figure = laid_out("lasting-jobs", results)
    assert strays(figure) == []
    assert not [t for t in figure.findobj(Text) if t.get_parse_math()]


def test_negative_effects_can_be_drawn() -> None:
    results = BY_COUNT[2]
    summary = results.summary.copy()
    row = summary["indicator"] == "additional_outcomes"
    summary.loc[row, ["mean", "mean_low", "mean_high"]] = [-30.0, -50.0, -10.0]
    texts = [
        t.get_text()
        for t in draw("outcomes", replace(results, summary=summary), WORDS).findobj(Text)
    ]
    assert "-30 (-50 to -10)" in texts


def test_a_design_keeps_its_colour() -> None:
    view = View(BY_COUNT[12], WORDS)
    assert len({colour(view, design) for design in view.designs}) == len(PALETTE)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_charts(BY_COUNT[2], tmp_path_factory.mktemp("first"), WORDS)


def test_each_chart_comes_as_png_and_svg(written: list[Path]) -> None:
    assert {path.name for path in written} == {f"{n}.{k}" for n in CHARTS for k in ("png", "svg")}
    assert all(path.stat().st_size > 5000 for path in written)


def test_the_same_frames_give_the_same_bytes(written: list[Path], tmp_path: Path) -> None:
    frames = make_results(TWELVE[:2], 5, weeks=26)
    with mpl.rc_context({"font.size": 30, "axes.grid": False, "svg.fonttype": "path"}):
        again = write_charts(frames, tmp_path / "deep" / "second", WORDS)
    assert [path.name for path in written] == [path.name for path in again]
    for first, second in zip(written, again, strict=True):
        assert first.read_bytes() == second.read_bytes(), first.name


def test_svg_holds_text_and_no_date(written: list[Path]) -> None:
    svg = next(path for path in written if path.name == "lasting-jobs.svg").read_text("utf-8")
    ET.fromstring(svg)
    assert "Which design leads to more lasting jobs than hourly?" in svg
    assert "dc:date" not in svg
    assert "Matplotlib v" not in svg


def test_png_has_the_size_of_a_slide(written: list[Path]) -> None:
    header = next(path for path in written if path.suffix == ".png").read_bytes()[16:24]
    assert (int.from_bytes(header[:4]), int.from_bytes(header[4:])) == (WIDTH, HEIGHT)
    assert DPI == 150


def test_no_figure_and_no_setting_is_left_behind(tmp_path: Path) -> None:
    before = dict(mpl.rcParams)
    draw("payers", BY_COUNT[2], WORDS)
    assert plt.get_fignums() == []
    assert dict(mpl.rcParams) == before


def test_frames_are_only_read() -> None:
    results = BY_COUNT[2]
    before = results.weekly.copy()
    draw("weekly", results, WORDS)
    assert results.weekly.equals(before)
