"""Findings on what it costs, who pays, and what providers are left with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labsim.present.findings.base import Finding, Findings, labels

if TYPE_CHECKING:
    from labsim.present.view import Design, Estimate

COST = "purchaser_cost_per_net_job_eur"
PAYERS = ("state", "municipality", "funds", "public")


def cost_level(found: Findings) -> list[Finding]:
    """Say what one lasting job costs under the reference design."""
    level = found.view.level(found.view.reference, COST)
    if not level.known or level.value <= 0:
        return []
    key = "findings.cost.level" if level.sure else "findings.cost.level_unsure"
    text = found.words(
        key,
        design=found.view.reference.label,
        value=found.format.amount(level.value),
        interval=found.format.interval(COST, level),
    )
    return [Finding(text, 76)]


def cost_unknown(found: Findings) -> list[Finding]:
    """Say for which designs the cost of a lasting job cannot be given."""
    unknown = [
        design
        for design in found.view.designs
        if found.view.level(design, "net_jobs_90d").known
        and not found.view.level(design, COST).known
    ]
    if not unknown:
        return []
    names = found.format.names(labels(unknown))
    return [Finding(found.words.count("findings.cost.unknown", len(unknown), items=names), 62)]


def cost_differences(found: Findings) -> list[Finding]:
    """Say which designs buy a lasting job for clearly less or more."""
    return found.verdicts("cost_difference", COST, clear=75, unclear=50)


def payers(found: Findings) -> list[Finding]:
    """Say who pays and who saves, against no service at all."""
    design = found.view.reference
    clauses = [clause for payer in PAYERS if (clause := _clause(found, design, payer))]
    if not clauses:
        return []
    joined = clauses[0]
    for clause in clauses[1:]:
        joined = found.words("findings.payers.join", start=joined, next=clause)
    return [Finding(found.words("findings.payers.all", design=design.label, clauses=joined), 80)]


def _clause(found: Findings, design: Design, payer: str) -> str:
    level = found.view.level(design, f"net_{payer}_eur")
    if not level.known or not found.view.level(design, "started").value > 0:
        return ""
    verdict = {1: "gains", -1: "loses", 0: "even" if level.sure else _sign(level)}[level.clear]
    amount = found.format.amount(abs(level.value))
    return found.words(f"findings.payers.{payer}_{verdict}", amount=amount)


def _sign(level: Estimate) -> str:
    return "gains" if level.value >= 0 else "loses"


def public_differences(found: Findings) -> list[Finding]:
    """Say which designs are clearly better or worse for public money as a whole."""
    return found.verdicts("public_difference", "net_public_eur", clear=64, unclear=30)


def unpaid(found: Findings) -> list[Finding]:
    """Say where outcomes came too late to be paid: the design with the largest share."""
    shares = {d: _late(found, d) / paid for d in found.view.designs if (paid := _paid(found, d))}
    late = {design: share for design, share in shares.items() if share > 0}
    if not late:
        return []
    design = max(late, key=lambda d: late[d])
    text = found.words(
        "findings.unpaid",
        design=design.label,
        late=found.words.number(_late(found, design)),
        paid=found.words.number(_paid(found, design)),
        service=found.words.number(found.view.level(design, "outcomes_after_service").value),
        contract=found.words.number(found.view.level(design, "outcomes_after_contract").value),
    )
    return [Finding(text, 32 + min(40, 200 * late[design]))]


def _paid(found: Findings, design: Design) -> float:
    value = found.view.level(design, "outcomes_paid").value
    return value if value > 0 else 0.0


def _late(found: Findings, design: Design) -> float:
    names = ("outcomes_after_service", "outcomes_after_contract")
    late = sum(found.view.level(design, name).value for name in names)
    return late if late > 0 else 0.0


def margin(found: Findings) -> list[Finding]:
    """Say with which designs providers lose money."""
    name = "provider_margin_share"
    losing = [(d, e) for d, e in found.levels(name) if e.clear < 0]
    if not losing:
        return []
    text = found.words("findings.margin", items=found.listed(losing, name, difference=False))
    return [Finding(text, 65)]


def insolvent(found: Findings) -> list[Finding]:
    """Say with which designs providers go under."""
    name = "providers_insolvent"
    failing = [(d, e) for d, e in found.levels(name) if e.value > 0]
    if not failing:
        return []
    items = [
        found.words("findings.item", design=d.label, value=found.format.value(name, e))
        for d, e in failing
    ]
    return [Finding(found.words("findings.insolvent", items=found.format.names(items)), 57)]
