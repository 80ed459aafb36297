"""`scenarios/COVERAGE.md`: what became of every pilot of the evidence, and of every way to buy.

`python -m labsim.study.validation.coverage` simulates the pilots and writes the page.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from math import isnan
from pathlib import Path

from labsim.evidence import facts
from labsim.scenario import shipped
from labsim.scenario.loading import load
from labsim.study.executor import cores
from labsim.study.validation.runs import Runs
from labsim.study.validation.simulating import simulate_worlds, tasks
from labsim.study.validation.validate import published, row
from labsim.study.validation.verdict import estimate
from labsim.study.validation.worlds import REPLICATIONS, World, worlds

FIGURES = {
    "referred": ("referred", 1, 0),
    "started": ("started", 1, 0),
    "start_rate": ("starts per person referred, %", 100, 0),
    "outcome_rate": ("outcomes paid or counted, % of starts", 100, 0),
    "net_employed_weeks_per_start": ("weeks in work because of it, per start", 1, 1),
    "hours_per_start": ("client hours per start", 1, 1),
    "satisfaction_mean": ("satisfaction, 1-5", 1, 2),
    "fees_per_start_eur": ("fees per start, EUR", 1, 0),
    "provider_margin_share": ("providers' margin, %", 100, 0),
}
"""Simulated figures by measure: words, factor and decimals."""
FIRMS = {"firms_served": ("firms served", 1, 0), "firms_score": ("firms' answers, 1-5", 1, 2)}
_OF_FIRMS = ("yritysmagneetti-lappi", "innorekry")


@dataclass(frozen=True)
class Covered:
    """What became of one pilot: its facts and a note, or why it has no scenario."""

    facts: tuple[str, ...] = ()
    note: str = ""
    why: str = ""


@dataclass(frozen=True)
class Way:
    """One row of the catalogue of designs, and what expresses it."""

    section: str
    dimension: str
    option: str
    by: str

    @property
    def designs(self) -> list[str]:
        """Ids of the shipped designs named."""
        return re.findall(r"design:([a-z0-9-]+)", self.by)

    @property
    def scenarios(self) -> list[str]:
        """Ids of the shipped pilots named."""
        return re.findall(r"scenario:([a-z0-9-]+)", self.by)


@cache
def _tree() -> dict[str, object]:
    text = (resources.files("labsim.evidence") / "coverage.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def pilots() -> Mapping[str, Covered]:
    """Return every pilot of the evidence by its id."""
    tree = _tree()["pilots"]
    assert isinstance(tree, dict)
    return {
        name: Covered(tuple(each.get("facts", ())), each.get("note", ""), each.get("why", ""))
        for name, each in tree.items()
    }


def ways() -> list[Way]:
    """Return the rows of the catalogue of designs."""
    rows = _tree()["designs"]
    assert isinstance(rows, list)
    return [Way(**each) for each in rows]


def page(runs: Runs, replications: int) -> str:
    """Return the whole page."""
    about = (
        "Made by `make coverage` from the simulated pilots and `src/labsim/evidence/coverage.toml`."
        f" Figures are means of {replications} replications with 95 % intervals. Targets are facts"
        " of the evidence; `input` was put in and is no evidence. Verdicts are those of `labsim"
        " validate`; `-` where a fact is looked up in other markets than the pilots'."
    )
    how = (
        "Every row of the evidence's catalogue of designs, and what expresses it: a shipped design,"
        " a shipped scenario, or a key of scenario files."
    )
    covered = [_pilot(name, each, runs) for name, each in pilots().items()]
    parts = ["# What is covered", about, *covered, "# Ways to buy", how, *_ways()]
    return "\n\n".join(parts) + "\n"


def _pilot(name: str, each: Covered, runs: Runs) -> str:
    if each.why:
        return f"## {name}\n\nNo scenario. {each.why}"
    loaded = load(name)
    title = loaded.scenario.title.get("en", name)
    lines = [f"## {name}", f"{title}: `scenarios/pilots/{name}.toml`. {each.note}".rstrip()]
    lines += ["\n".join(_targets(each.facts, runs))] if each.facts else []
    return "\n\n".join([*lines, "\n".join(_figures(name, runs)), "\n".join(_assumed(name))])


def _targets(wanted: Sequence[str], runs: Runs) -> Iterator[str]:
    yield "| fact | published | simulated | verdict |"
    yield "|---|---|---|---|"
    for name in wanted:
        fact = facts()[name]
        try:
            found = row(fact, runs)
        except KeyError:  # it is looked up in a market that is not among the pilots
            found = {"simulated": float("nan"), "low": 0.0, "high": 0.0, "verdict": "-"}
        mean, low, high = (float(str(found[key])) for key in ("simulated", "low", "high"))
        simulated = "" if isnan(mean) else f"{mean:.4g} ({low:.4g} to {high:.4g})"
        said = f"{published(fact)} {fact.unit}".strip()
        yield f"| {name}: {_cell(fact.statement)} | {said} | {simulated} | {found['verdict']} |"


def _cell(text: str) -> str:
    return text.replace("|", "/")


def _figures(pilot: str, runs: Runs) -> Iterator[str]:
    yield "| simulated | mean | interval |"
    yield "|---|---|---|"
    for measure, (words, factor, digits) in (FIRMS if pilot in _OF_FIRMS else FIGURES).items():
        found = estimate(runs.of(measure, pilot) * factor)
        if not isnan(found.mean):
            ends = f"{found.low:,.{digits}f} to {found.high:,.{digits}f}"
            yield f"| {words} | {found.mean:,.{digits}f} | {ends} |"


def _assumed(pilot: str) -> Iterator[str]:
    values = [value for value in load(pilot).values() if value.is_set]
    values = [value for value in values if value.source[0] == "assumption" and value.source[1]]
    yield "Assumptions:"
    yield ""
    for value in values:
        yield f"- `{value.key}`: {value.source[1]}"


def _ways() -> Iterator[str]:
    section = ""
    lines: list[str] = []
    for way in ways():
        if way.section != section:
            if lines:
                yield "\n".join(lines)
            section = way.section
            lines = [f"## {section}", "", "| dimension | option | expressed by |", "|---|---|---|"]
        lines.append(f"| {way.dimension} | {_cell(way.option)} | {_linked(way.by)} |")
    yield "\n".join(lines)


def _linked(text: str) -> str:
    text = re.sub(r"design:([a-z0-9-]+)", r"design [\1](designs/\1.toml)", text)
    text = re.sub(r"scenario:([a-z0-9-]+)", r"scenario [\1](pilots/\1.toml)", text)
    return text.replace("key:", "key ").replace("not:", "not offered:")


def simulated_pilots(replications: int, workers: int, settings: Sequence[str] = ()) -> Runs:
    """Simulate every shipped pilot as it is."""
    wanted: dict[str, World] = {name: worlds()[name] for name in shipped.ids()["pilots"]}
    return simulate_worlds(tasks(wanted, replications, settings), workers).runs


def main(folder: Path, replications: int = REPLICATIONS) -> None:
    """Write the page into a folder."""
    runs = simulated_pilots(replications, cores())
    (folder / "COVERAGE.md").write_text(page(runs, replications), encoding="utf-8")


if __name__ == "__main__":
    main(shipped.root(), *map(int, sys.argv[1:]))
