"""Checks of how the service is bought, and of what is around the contract."""

from __future__ import annotations

from collections.abc import Iterator

from labsim.scenario.findings import Finding
from labsim.scenario.merge import Merged
from labsim.scenario.messages import as_warning, finding, nearest_finding
from labsim.scenario.paths import Path
from labsim.scenario.sections.contract import Contract
from labsim.scenario.sections.employers import Employers
from labsim.scenario.sections.labour_market import LabourMarket
from labsim.scenario.sections.partnership import Partnership
from labsim.scenario.sections.population import Population
from labsim.scenario.sections.procurement import READ_BY, Procurement
from labsim.scenario.sections.providers import Provider
from labsim.scenario.sections.referral import Referral
from labsim.scenario.sections.run import Run


def procedure(merged: Merged, referral: Referral, procurement: Procurement) -> Iterator[Finding]:
    """Find procedures whose winners clients can not be shared among."""
    if not procurement.tendered:
        return
    choice, usual = referral.provider_choice, {"framework": 3, "challenge": 3}
    paths: list[Path] = [("procurement", "procedure"), ("referral", "provider_choice")]
    if procurement.procedure == "voucher" and choice != "client":
        yield nearest_finding(merged, paths, "needs_client_choice")
        return
    winners = procurement.winners or usual.get(procurement.procedure, 1)
    if winners > 1 and choice == "single":
        paths.insert(0, ("procurement", "winners"))
        yield nearest_finding(merged, paths, "winners_without_choice", winners=winners)


def not_read(merged: Merged, procurement: Procurement) -> Iterator[Finding]:
    """Warn of keys set, with the procedure or nearer to the user, that it does not read."""
    procedure, chosen = procurement.procedure, merged.origin(("procurement", "procedure"))
    for key, readers in READ_BY.items():
        origin = merged.origins.get(("procurement", key))
        if procedure in readers or origin is None:
            continue
        usual = getattr(procurement, key) == type(procurement).model_fields[key].default
        if not usual and (chosen is None or origin.order >= chosen.order):
            values = {"procedure": procedure, "readers": ", ".join(readers)}
            yield as_warning(finding(merged, ("procurement", key), "not_read", **values))


def bid_on(merged: Merged, procurement: Procurement, contract: Contract) -> Iterator[Finding]:
    """Find a fee to bid on that the contract does not have."""
    names = [fee.name for fee in contract.fees]
    if procurement.tendered and procurement.bid_on not in ("all", *names):
        yield finding(
            merged,
            ("procurement", "bid_on"),
            "unknown_bid_fee",
            fee=procurement.bid_on,
            known=", ".join(names),
        )


def lots(
    merged: Merged, population: Population, referral: Referral, procurement: Procurement
) -> Iterator[Finding]:
    """Find areas of lots that there are not, and areas of the target that no lot holds."""
    by_area = [lot for lot in procurement.lots if lot.areas is not None]
    for lot in by_area:
        for place, area in enumerate(lot.areas or ()):
            if area not in population.areas:
                path: Path = ("procurement", "lots", lot.name, "areas", place)
                known = ", ".join(population.areas)
                yield finding(merged, path, "unknown_area", area=area, known=known)
    held = {area for lot in by_area for area in lot.areas or ()}
    for area in referral.target.areas or population.areas if by_area else ():
        if area not in held:
            yield finding(merged, ("procurement", "lots"), "lots_leave_out", area=area)


def rounds(
    merged: Merged, run: Run, procurement: Procurement, contract: Contract
) -> Iterator[Finding]:
    """Warn of contracts that the run does not reach the end of."""
    between = procurement.bridge + procurement.gap
    end = contract.end_week + (procurement.rounds - 1) * (contract.weeks + between)
    if procurement.rounds > 1 and end > run.weeks:
        path: Path = ("procurement", "rounds")
        found = finding(
            merged, path, "rounds_after_run", rounds=procurement.rounds, end=end, weeks=run.weeks
        )
        yield as_warning(found)


def places_by_lot(
    merged: Merged, procurement: Procurement, providers: list[Provider]
) -> Iterator[Finding]:
    """Find places of a provider that several lots would share."""
    for provider in providers if len(procurement.lots) > 1 else ():
        if provider.places is not None:
            yield finding(merged, ("providers", provider.name, "places"), "places_by_lot")


def coordinators(
    merged: Merged, population: Population, partnership: Partnership
) -> Iterator[Finding]:
    """Warn of coordinators for clients with more needs than anybody has."""
    shares = list(population.needs.model_dump().values())
    least = partnership.coordinator_needs_min
    if partnership.coordinator_share > 0 and sum(shares[least:]) <= 0:
        paths: list[Path] = [
            ("population", "needs"),
            ("partnership", "coordinator_share"),
            ("partnership", "coordinator_needs_min"),
        ]
        yield as_warning(nearest_finding(merged, paths, "coordinator_for_nobody", needs=least))


def firms(merged: Merged, population: Population, employers: Employers) -> Iterator[Finding]:
    """Find areas and sectors of firms that the population does not have."""
    for key, code, known in (
        ("areas", "unknown_area", population.areas),
        ("sectors", "unknown_sector", population.sectors),
    ):
        for place, name in enumerate(getattr(employers, key) or ()):
            if name not in known:
                path: Path = ("employers", key, place)
                yield finding(merged, path, code, area=name, known=", ".join(known))


def firms_in_vain(
    merged: Merged, run: Run, labour_market: LabourMarket, employers: Employers
) -> Iterator[Finding]:
    """Warn of services to firms that can change nothing."""
    if employers.firms == 0:
        return
    if labour_market.matching_elasticity >= 1:
        paths: list[Path] = [("labour_market", "matching_elasticity"), ("employers", "firms")]
        yield as_warning(nearest_finding(merged, paths, "vacancies_move_nobody"))
    if employers.start_week >= run.weeks:
        path: Path = ("employers", "start_week")
        values = {"start": employers.start_week, "weeks": run.weeks}
        yield as_warning(finding(merged, path, "firms_after_run", **values))
    if employers.join_weeks > employers.weeks:
        path = ("employers", "join_weeks")
        yield as_warning(finding(merged, path, "firms_join_late", weeks=employers.weeks))
    if employers.round_weeks > employers.weeks:
        path = ("employers", "round_weeks")
        yield as_warning(finding(merged, path, "firms_never_asked", weeks=employers.weeks))


def firms_unpaid(
    merged: Merged, procurement: Procurement, employers: Employers, contract: Contract
) -> Iterator[Finding]:
    """Warn of firms that are served when nothing is paid any more."""
    between = contract.weeks + procurement.bridge + procurement.gap
    paid = contract.last_week_paid + (procurement.rounds - 1) * between
    last = employers.start_week + employers.weeks - 1
    if employers.firms and last > paid:
        paths: list[Path] = [("employers", "start_week"), ("employers", "weeks")]
        yield as_warning(nearest_finding(merged, paths, "firms_unpaid", last=last, paid=paid))
