"""One self-contained page: findings, numbers, charts, assumptions. No scripts, nothing loaded."""

from __future__ import annotations

import base64
from functools import cache
from typing import TYPE_CHECKING, Any

from labsim.present.clean import tidy
from labsim.present.findings import find
from labsim.present.format import Format
from labsim.present.indicators import GROUPS
from labsim.present.screen import MOST_FINDINGS, interrupted, nothing
from labsim.present.table import TABLE, cell, notes, short_table
from labsim.present.view import View

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from jinja2 import Template

    from labsim.present.results import Results
    from labsim.words import Words

TEMPLATE = "report.html.j2"
TYPES = {".svg": "image/svg+xml", ".png": "image/png"}
CELL_LIMIT = 300


def render(results: Results, words: Words, charts: Sequence[Path]) -> str:
    """Return the page as HTML.

    Parameters
    ----------
    results
        The frames of the comparison.
    words
        The catalogue.
    charts
        Chart files made by ``write_charts``; of each chart the SVG is taken if it is there.
    """
    view = View(results, words)
    form = Format(words, words("report.missing"))
    rows = short_table(view, form)
    findings = [finding.text for finding in find(view)]
    return _template().render(
        words=words,
        view=view,
        warnings=[interrupted(view)] if view.interrupted else [],
        findings=findings[:MOST_FINDINGS],
        nothing=nothing(view),
        more=findings[MOST_FINDINGS:],
        columns=[words(f"screen.columns.{name}") for name in TABLE],
        rows=rows,
        notes=notes(view, rows, form.missing),
        charts=_charts(view, charts),
        contracts=_contracts(view),
        groups=_groups(view, form),
        assumptions=[_assumption(row, words) for row in results.assumptions],
        facts=_facts(view),
    )


@cache
def _template() -> Template:
    """Load our one template; whatever fills it is escaped."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("labsim.present", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(TEMPLATE)


def _charts(view: View, paths: Sequence[Path]) -> list[dict[str, str]]:
    chosen: dict[str, Path] = {}
    for path in paths:
        if path.suffix in TYPES and (path.stem not in chosen or path.suffix == ".svg"):
            chosen[path.stem] = path
    return [_chart(view, name, path) for name, path in chosen.items()]


def _chart(view: View, name: str, path: Path) -> dict[str, str]:
    data = base64.b64encode(path.read_bytes()).decode("ascii")
    key = f"charts.alt.{name.replace('-', '_')}"
    known = key in view.words
    return {
        "name": name,
        "alt": view.words(key, reference=view.reference.label) if known else tidy(name),
        "data": f"data:{TYPES[path.suffix]};base64,{data}",
    }


def _contracts(view: View) -> list[dict[str, Any]]:
    listed = view.results.contracts
    return [
        {"design": d, "lines": [tidy(text) for text in listed.get(d.id, ())]} for d in view.designs
    ]


def _groups(view: View, form: Format) -> list[dict[str, Any]]:
    """Give the table of all indicators, in groups; rows without any number are left out."""
    tables = []
    for group, names in GROUPS.items():
        rows = [_indicator(view, form, name) for name in names if _any(view, name)]
        if rows:
            tables.append({"title": view.words(f"report.groups.{group}"), "rows": rows})
    return tables


def _any(view: View, indicator: str) -> bool:
    return any(view.level(design, indicator).known for design in view.designs)


def _indicator(view: View, form: Format, name: str) -> dict[str, Any]:
    cells = [
        {
            "level": cell(form, name, view.level(design, name), difference=False),
            "difference": cell(form, name, view.difference(design, name), difference=True),
        }
        for design in view.designs
    ]
    texts = {
        part: view.words(f"indicators.{name}.{part}") for part in ("long", "unit", "definition")
    }
    return {"name": name, "cells": cells, **texts}


def _assumption(row: Mapping[str, Any], words: Words) -> dict[str, str]:
    keys = ("path", "value", "unit", "description", "status", "source", "origin")
    cells = {key: tidy(row.get(key, ""), CELL_LIMIT) for key in keys}
    status = f"explain.status.{cells['status']}"
    return cells | ({"status": words(status)} if status in words else {})


def _facts(view: View) -> list[tuple[str, str]]:
    """Give what is needed to make the same numbers again."""
    manifest, words = view.manifest, view.words
    packages = manifest.get("packages") or {}
    versions = [f"{name} {packages[name]}" for name in sorted(packages)]
    facts = {
        "seed": manifest.get("seed", ""),
        "replications": words.number(view.completed),
        "version": manifest.get("version", ""),
        "packages": ", ".join(versions),
        "platform": manifest.get("platform", ""),
        "seconds": words.number(float(manifest.get("wall_seconds") or 0)),
    }
    return [
        (words(f"report.facts.{key}"), tidy(value)) for key, value in facts.items() if value != ""
    ]
