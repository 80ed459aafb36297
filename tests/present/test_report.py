"""The report is one page that loads nothing, runs nothing and says what the screen says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from labsim.present import Results, render_report, render_screen
from labsim.present.indicators import INDICATORS
from labsim.present.table import TABLE
from labsim.words import Words
from tests.present.frames import TWELVE, make_results
from tests.present.test_screen import HOSTILE

WORDS = Words("en")
VOID = {"meta", "img", "br", "link", "hr", "input"}


class Page(HTMLParser):
    """Collects tags and visible text, and checks that tags are closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.parts: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.parts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.parts).split())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.fixture(scope="module")
def charts(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Stand-ins: what the report does with chart files does not depend on the picture."""
    folder = tmp_path_factory.mktemp("charts")
    paths = [folder / name for name in ("lasting-jobs.png", "lasting-jobs.svg", "cost.png")]
    for path in paths:
        path.write_bytes(b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    return paths


@pytest.fixture(scope="module")
def page(charts: Sequence[Path]) -> Page:
    return Page(render_report(make_results(), WORDS, charts))


def test_nothing_is_loaded_and_nothing_runs(results: Results, charts: list[Path]) -> None:
    html = render_report(results, WORDS, charts)
    page = Page(html)
    assert not re.search(r"https?:|//[a-z]|url\(|@import", html)
    assert not {"script", "link", "iframe", "object", "form"} & {tag for tag, _ in page.tags}
    assert not [key for _, attrs in page.tags for key in attrs if key.startswith("on")]
    assert all((image["src"] or "").startswith("data:image/") for image in page.all("img"))


def test_it_says_what_the_screen_says(results: Results, page: Page) -> None:
    screen = render_screen(results, WORDS).split("\n\n")
    for sentence in re.split(r"\n  (?=\S)", screen[1]):
        assert " ".join(sentence.split()) in page.text
    for cell in re.findall(r"-?[\d.,]+ to -?[\d.,]+", screen[2]):
        assert cell in page.text


def test_of_each_chart_one_picture_with_a_description(page: Page) -> None:
    images = page.all("img")
    assert len(images) == 2
    assert (images[0]["src"] or "").startswith("data:image/svg+xml;base64,")
    assert (images[1]["src"] or "").startswith("data:image/png;base64,")
    assert all(len(image["alt"] or "") > 40 for image in images)


def test_it_can_be_read_with_any_device(page: Page) -> None:
    assert page.all("html")[0]["lang"] == "en"
    assert [meta for meta in page.all("meta") if meta.get("name") == "viewport"]
    assert all(head.get("scope") for head in page.all("th"))
    identifiers = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(identifiers) == len(set(identifiers))
    labels = [attrs["aria-labelledby"] for _, attrs in page.tags if "aria-labelledby" in attrs]
    assert set(labels) <= set(identifiers)


def test_every_indicator_assumption_and_version_is_there(page: Page) -> None:
    for name in INDICATORS:
        assert name in page.text
    for part in (
        "coaching.max_uplift",
        "T DE-INHOUSE",
        "20261101",
        "mesa 3.3.1",
        "hourly: 500 EUR",
    ):
        assert part in page.text
    assert "2 of 3 values rest on assumption." in page.text


@pytest.mark.parametrize("title", HOSTILE.values(), ids=HOSTILE)
def test_hostile_texts_are_shown_inert(title: str, charts: list[Path]) -> None:
    results = make_results([title, f"{title}!"], 2, weeks=2, title={"": title})
    rows = [dict.fromkeys(("path", "value", "unit", "description", "status", "source"), title)]
    results = replace(results, assumptions=rows, contracts={title: [title]})
    html = render_report(results, WORDS, charts)
    assert "<script" not in html
    assert "\x1b" not in html
    assert "\u202e" not in html
    assert "49" not in Page(html).all("html")[0].values()
    if title.startswith("{{7*7}}"):
        assert "{{7*7}}" in Page(html).text


def test_an_interrupted_run_is_announced(charts: list[Path]) -> None:
    results = make_results(TWELVE[:2], 5, weeks=2, interrupted=True, planned=50)
    assert "Stopped early: 5 of 50" in Page(render_report(results, WORDS, charts)).text


@pytest.mark.parametrize(("count", "replications"), [(1, 5), (12, 2), (3, 1)])
def test_any_number_of_designs(count: int, replications: int) -> None:
    html = render_report(make_results(TWELVE[:count], replications, weeks=2), WORDS, [])
    rows = [tag for tag, attrs in Page(html).tags if tag == "th" and attrs.get("scope") == "row"]
    assert len(rows) >= count + len(INDICATORS)
    assert "nan" not in Page(html).text


def test_bare_frames_are_enough() -> None:
    results = make_results(TWELVE[:2], 3, weeks=2)
    bare = Results(results.runs, results.weekly, results.ledger, results.summary, {})
    page = Page(render_report(bare, WORDS, []))
    assert "Comparison of designs" in page.text


def test_the_same_frames_give_the_same_page(results: Results, charts: list[Path]) -> None:
    again = render_report(make_results(), WORDS, charts)
    assert render_report(results, WORDS, charts) == again


def test_every_indicator_has_its_words() -> None:
    for name in INDICATORS:
        for part in ("short", "long", "unit", "definition"):
            assert WORDS(f"indicators.{name}.{part}")
    for name in TABLE:
        assert WORDS(f"screen.columns.{name}")
