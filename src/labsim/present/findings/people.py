"""Findings on jobs, on who is served, and on people outside the service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labsim.present.findings.base import MANY, Finding, Findings, Judged, slight

if TYPE_CHECKING:
    from labsim.present.view import Estimate

JOBS = "net_jobs_90d"
FAR = "hours_far"
ENOUGH_RUNS = 10
WORTH_SAYING = 0.05


def lasting_jobs_level(found: Findings) -> list[Finding]:
    """Say what the reference design itself brings."""
    level = found.view.level(found.view.reference, JOBS)
    if not level.known:
        return []
    names = {1: "more", -1: "fewer", 0: "none" if level.sure else "unsure"}
    text = found.words(
        f"findings.jobs_level.{names[level.clear]}",
        design=found.view.reference.label,
        value=found.format.value(JOBS, level),
        lost=found.format.value(JOBS, level.times(-1)),
        interval=found.format.interval(JOBS, level),
    )
    return [Finding(text, 95)]


def lasting_jobs(found: Findings) -> list[Finding]:
    """Say which designs bring more, fewer or no clearly different number of lasting jobs."""
    return found.verdicts("jobs", JOBS, clear=100, unclear=98)


def hours_far(found: Findings) -> list[Finding]:
    """Say which designs give people far from work fewer or more hours."""
    reference = found.view.level(found.view.reference, FAR)
    judged = [(d, e) for d, e in found.differences(FAR) if e.sure]
    sentences = []
    for verdict, name in ((-1, "fewer"), (1, "more")):
        same = [(d, e) for d, e in judged if e.clear == verdict]
        if same and reference.value > 0:
            weight = 36 if slight(same, reference) else 90
            sentences.append(Finding(_hours_sentence(found, name, same, reference), weight))
    unclear = [(d, e) for d, e in judged if e.clear == 0]
    if unclear:
        text = found.verdict("findings.hours_far.none", unclear, FAR)
        sentences.append(Finding(text, 35))
    return sentences


def _hours_sentence(found: Findings, name: str, same: Judged, reference: Estimate) -> str:
    def share(estimate: Estimate) -> str:
        percent = found.words.number(100 * abs(estimate.value) / reference.value)
        return found.words("screen.numbers.percent", value=percent)

    order = sorted(same, key=lambda pair: abs(pair[1].value))
    (first, least), (last, most) = order[0], order[-1]
    items = [found.words("findings.item", design=d.label, value=share(e)) for d, e in same]
    values = {
        "reference": found.view.reference.label,
        "design": first.label,
        "share": share(least),
        "last": last.label,
        "most": share(most),
        "items": found.format.names(items),
    }
    if len(same) > MANY:
        n = found.words.number(len(same))
        return found.words(f"findings.hours_far.{name}.range", n=n, **values)
    return found.words.count(f"findings.hours_far.{name}", len(same), **values)


def deadweight(found: Findings) -> list[Finding]:
    """Say how many in ten outcomes would have come anyway."""
    judged = sorted(found.levels("deadweight_share"), key=lambda pair: pair[1].value)
    if not judged:
        return []
    (lowest, low), (highest, high) = judged[0], judged[-1]
    tens = [_tenths(e) for _, e in judged]
    alike = "one" if len(found.view.designs) == 1 else "same"
    form = alike if len(set(tens)) == 1 else "range"
    text = found.words(
        f"findings.deadweight.{form}",
        n=tens[0],
        most=tens[-1],
        design=lowest.label,
        last=highest.label,
        low=found.words.percent(low.value),
        high=found.words.percent(high.value),
    )
    return [Finding(text, 85)]


def _tenths(share: Estimate) -> int:
    return min(10, max(0, round(10 * share.value)))


def displaced(found: Findings) -> list[Finding]:
    """Say what people who were never referred lose, beside what clients gain."""
    design = found.view.reference
    started = found.view.level(design, "started")
    loss = found.view.level(design, "displaced_employed_weeks")
    gain = found.view.level(design, "net_employed_weeks_per_start")
    if not loss.sure or not started.value > 0:
        return []
    per_hundred = loss.times(100 / started.value)
    form = {1: "loss", 0: "none", -1: "gain"}[loss.clear]
    if loss.clear == 1 and gain.clear == 1:
        form = "beside"
    sign = -1.0 if form == "gain" else 1.0
    indicator = "displaced_employed_weeks"
    text = found.words(
        f"findings.displaced.{form}",
        design=design.label,
        value=found.format.value(indicator, per_hundred.times(sign)),
        interval=found.format.interval(indicator, per_hundred.times(sign)),
        gain=found.format.value(indicator, gain.times(100)),
    )
    return [Finding(text, 60 if loss.clear else 25)]


def parked(found: Findings) -> list[Finding]:
    """Say where the most clients get next to nothing."""
    name = "parked_share"
    judged = found.levels(name)
    if not judged:
        return []
    design, most = max(judged, key=lambda pair: pair[1].value)
    if most.value < WORTH_SAYING:
        return []
    text = found.words("findings.parked", design=design.label, value=found.format.value(name, most))
    return [Finding(text, 40)]


def luck(found: Findings) -> list[Finding]:
    """Say how far a single pilot can be off by luck alone."""
    spread = found.view.spread(found.view.reference, JOBS)
    if not spread.sure or found.view.completed < ENOUGH_RUNS:
        return []
    text = found.words(
        "findings.luck",
        design=found.view.reference.label,
        interval=found.format.interval(JOBS, spread),
    )
    return [Finding(text, 55)]


def single_run(found: Findings) -> list[Finding]:
    """Say that one replication cannot tell an effect from luck."""
    if found.view.completed != 1:
        return []
    return [Finding(found.words("findings.single_run"), 110)]


def nobody(found: Findings) -> list[Finding]:
    """Say that there was nobody to say anything about."""
    starts = [found.view.level(design, "started").value for design in found.view.designs]
    if not all(start == 0 for start in starts):
        return []
    return [Finding(found.words("findings.nobody"), 120)]
