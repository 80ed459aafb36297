"""Checks across sections: what each section allows, and all together do not."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from labsim.scenario import checks_of_purchase as purchase
from labsim.scenario.findings import Finding
from labsim.scenario.merge import Merged
from labsim.scenario.messages import as_warning, finding, nearest_finding
from labsim.scenario.paths import Path
from labsim.scenario.sections.contract import Contract
from labsim.scenario.sections.employers import Employers
from labsim.scenario.sections.fee import END_WINDOW, START_WINDOW, Fee
from labsim.scenario.sections.labour_market import LabourMarket
from labsim.scenario.sections.office import Office
from labsim.scenario.sections.population import Population
from labsim.scenario.sections.providers import Provider
from labsim.scenario.sections.referral import Referral, Target
from labsim.scenario.sections.run import Run

Check = Callable[..., Iterator[Finding]]
OLDEST = 64
YOUNGEST = 18


def check(
    sections: Mapping[str, Any], merged: Merged, touching: Collection[str] | None = None
) -> tuple[list[Finding], list[Finding]]:
    """Run every check whose sections are valid; returns errors and warnings.

    Parameters
    ----------
    sections
        The valid sections.
    merged
        The scenario, for file and line.
    touching
        Leave out the checks that read none of these sections.
    """
    found: list[Finding] = []
    for needed, rule in CHECKS:
        asked = touching is None or any(name in touching for name in needed)
        if asked and all(name in sections for name in needed):
            found += rule(merged, *(sections[name] for name in needed))
    errors = [item for item in found if item.severity == "error"]
    return errors, [item for item in found if item.severity == "warning"]


def _weeks(merged: Merged, run: Run, referral: Referral, contract: Contract) -> Iterator[Finding]:
    first = referral.start_week + referral.wait_weeks
    end = contract.end_week
    if contract.start_week >= run.weeks:
        paths: list[Path] = [("contract", "start_week"), ("run", "weeks")]
        yield nearest_finding(
            merged, paths, "contract_after_run", start=contract.start_week, weeks=run.weeks
        )
    if first >= end:
        paths = [("referral", "start_week"), ("contract", "weeks"), ("contract", "start_week")]
        yield nearest_finding(merged, paths, "referral_after_contract", first=first, end=end)
    elif referral.start_week + referral.weeks + referral.wait_weeks > end:
        paths = [("referral", "weeks"), ("contract", "weeks")]
        last = referral.start_week + referral.weeks + referral.wait_weeks
        yield nearest_finding(merged, paths, "referral_ends_late", last=last, end=end)
    if contract.last_week_paid < contract.start_week:
        yield finding(
            merged,
            ("contract", "last_payable_week"),
            "paid_before_start",
            start=contract.start_week,
        )


def _run_ends(merged: Merged, run: Run, contract: Contract) -> Iterator[Finding]:
    last = contract.last_week_paid
    if contract.start_week < run.weeks <= last:
        paths: list[Path] = [("run", "weeks"), ("contract", "weeks")]
        yield as_warning(
            nearest_finding(merged, paths, "run_ends_early", weeks=run.weeks, last=last)
        )


def _shocks(merged: Merged, run: Run, labour_market: LabourMarket) -> Iterator[Finding]:
    """Warn of shocks that come after the run."""
    for shock in labour_market.shocks:
        if shock.start_week >= run.weeks:
            path: Path = ("labour_market", "shocks", shock.name, "start_week")
            values = {"start": shock.start_week, "weeks": run.weeks}
            yield as_warning(finding(merged, path, "shock_after_run", **values))


def _fee_windows(merged: Merged, contract: Contract) -> Iterator[Finding]:
    weeks = contract.last_week_paid - contract.start_week
    for fee in contract.fees:
        path: Path = ("contract", "fees", fee.name)
        if fee.on == "outcome":
            yield from _outcome_window(merged, path, fee, weeks)
        if fee.before_weeks is not None and fee.before_weeks > weeks + 1:
            values = {"weeks": fee.before_weeks, "left": weeks + 1}
            yield finding(merged, (*path, "before_weeks"), "change_after_contract", **values)
        longest = min(contract.service_weeks_max, contract.weeks)
        if fee.from_service_week is not None and fee.from_service_week >= longest:
            values = {"limit": longest, "got": fee.from_service_week}
            yield finding(merged, (*path, "from_service_week"), "after_service", **values)
        elif fee.on == "unit":
            yield from _late_units(merged, path, fee, longest)


def _late_units(merged: Merged, path: Path, fee: Fee, longest: int) -> Iterator[Finding]:
    """Warn of units in weeks that no service lasts until."""
    times = fee.times or 1
    if fee.max_per_client is not None:
        times = min(times, int(fee.max_per_client))
    last = (fee.from_service_week or 0) + (times - 1) * -(-(fee.every_days or 0) // 7)
    if last >= longest:
        yield as_warning(
            finding(merged, (*path, "times"), "units_after_service", last=last, limit=longest)
        )


def _outcome_window(merged: Merged, path: Path, fee: Fee, weeks: int) -> Iterator[Finding]:
    """Find days that an outcome must last, and can not before the fee's own window closes."""
    for key in ("sustained_days", "accumulated_days"):
        days = getattr(fee, key) or 0
        if days > 7 * weeks:
            yield finding(merged, (*path, key), "never_sustained", days=days, weeks=weeks)
    yield from _late_payments(merged, path, fee, weeks)
    for key, form in (("starts_within", START_WINDOW), ("completed_within", END_WINDOW)):
        window = form.fullmatch(getattr(fee, key) or "")
        days = int(window.group(1) or 0) if window is not None else 0
        if days > 7 * (weeks + 1):
            limit = 7 * (weeks + 1)
            yield finding(merged, (*path, key), "window_after_contract", days=days, limit=limit)


def _late_payments(merged: Merged, path: Path, fee: Fee, weeks: int) -> Iterator[Finding]:
    """Find repeated payments for days that the contract, or the fee's window, is too short for."""
    first = fee.sustained_days or fee.accumulated_days or 0
    later = first + ((fee.times or 1) - 1) * (fee.every_days or 0)
    if fee.every_days and later > 7 * weeks >= first:
        values = {"days": later, "weeks": weeks}
        yield finding(merged, (*path, "times"), "never_repeated", **values)


def _lotteries(merged: Merged, referral: Referral, contract: Contract) -> Iterator[Finding]:
    """Find impact pay without anybody to compare with."""
    for fee in contract.fees:
        if fee.on == "impact" and referral.regime != "lottery":
            yield finding(merged, ("contract", "fees", fee.name, "on"), "impact_without_lottery")


def _asked_firms(merged: Merged, employers: Employers, contract: Contract) -> Iterator[Finding]:
    """Find pay by the answers of firms where none are served."""
    for fee in contract.fees:
        if fee.instrument == "firms" and employers.firms == 0:
            yield finding(merged, ("contract", "fees", fee.name, "instrument"), "no_firms")


def _minimum_volume(merged: Merged, referral: Referral, contract: Contract) -> Iterator[Finding]:
    """Warn of guarantees that no referral can meet."""
    if contract.minimum_volume is not None and contract.minimum_volume > referral.volume:
        values = {"minimum": contract.minimum_volume, "volume": referral.volume}
        path: Path = ("contract", "minimum_volume")
        yield as_warning(finding(merged, path, "volume_under_minimum", **values))


def _proof(merged: Merged, contract: Contract) -> Iterator[Finding]:
    """Warn of outcomes that can be met, and never be proved while the contract still pays."""
    last = contract.last_week_paid - contract.start_week
    lag = contract.verification_lag_weeks
    priced = [fee for fee in contract.fees if fee.is_event and fee.eur > 0]
    for fee in priced if contract.verification == "register" else ():
        weeks = max(-(-(fee.accumulated_days or fee.sustained_days or 0) // 7), 1)
        if weeks - 1 <= last < weeks - 1 + lag:
            paths: list[Path] = [
                ("contract", "fees", fee.name, "sustained_days"),
                ("contract", "verification_lag_weeks"),
                ("contract", "last_payable_week"),
            ]
            yield as_warning(
                nearest_finding(
                    merged, paths, "never_verified", weeks=weeks, lag=lag, left=last + 1
                )
            )
    unnotified = any(fee.eur_unnotified for fee in priced)
    by_notice = contract.verification == "notice" and contract.notice_chance == 0
    if by_notice and priced and not unnotified:
        paths = [("contract", "notice_chance"), ("contract", "verification")]
        yield as_warning(nearest_finding(merged, paths, "never_notified"))


def _service_windows(merged: Merged, contract: Contract) -> Iterator[Finding]:
    for fee in contract.fees:
        window = END_WINDOW.fullmatch(fee.completed_within or "")
        if window is None or not window.group().startswith("service"):
            continue
        longest = 7 * contract.service_weeks_max + int(window.group(1) or 0)
        days = max(fee.sustained_days or 0, fee.accumulated_days or 0)
        days += ((fee.times or 1) - 1) * (fee.every_days or 0) * fee.is_event
        if days > longest:
            keys = ("sustained_days", "accumulated_days", "times", "completed_within")
            paths: list[Path] = [
                ("contract", "fees", fee.name, key) for key in keys if getattr(fee, key) is not None
            ]
            yield nearest_finding(merged, paths, "never_complete", days=days, longest=longest)


def _names(merged: Merged, population: Population, referral: Referral) -> Iterator[Finding]:
    yield from _target_names(merged, population, referral.target, ("referral", "target"))
    aimed_at, path = referral.marketing.aimed_at, ("referral", "marketing", "aimed_at")
    yield from _target_names(merged, population, aimed_at, path)


def _group_names(merged: Merged, population: Population, contract: Contract) -> Iterator[Finding]:
    for group in contract.groups:
        path: Path = ("contract", "groups", group.name, "when")
        yield from _target_names(merged, population, group.when, path)


def _provider_areas(
    merged: Merged, population: Population, providers: list[Provider]
) -> Iterator[Finding]:
    for provider in providers:
        for place, area in enumerate(provider.areas or ()):
            if area not in population.areas:
                path: Path = ("providers", provider.name, "areas", place)
                known = ", ".join(population.areas)
                yield finding(merged, path, "unknown_area", area=area, known=known)


NAMES: dict[str, tuple[str, str]] = {
    "areas": ("areas", "unknown_area"),
    "sectors": ("sectors", "unknown_sector"),
    "sectors_excluded": ("sectors", "unknown_sector"),
    "languages": ("languages", "unknown_language"),
}
"""Keys of a target that hold names: the population's key that has them, and the fault."""


def _target_names(
    merged: Merged, population: Population, target: Target, path: Path
) -> Iterator[Finding]:
    for key, (stem, code) in NAMES.items():
        shares = getattr(population, stem)
        for place, name in enumerate(getattr(target, key) or ()):
            if name not in shares:
                known = ", ".join(shares)
                yield finding(merged, (*path, key, place), code, area=name, known=known)


def _transfers(merged: Merged, population: Population) -> Iterator[Finding]:
    for transfer in population.transfers:
        path: Path = ("population", "transfers", transfer.name, "when")
        yield from _target_names(merged, population, transfer.when, path)


def _vacancies(
    merged: Merged, population: Population, labour_market: LabourMarket
) -> Iterator[Finding]:
    """Find vacancies of areas and sectors that nobody is in."""
    for stem in ("areas", "sectors"):
        shares = getattr(population, stem)
        for name in getattr(labour_market.vacancies, stem):
            if name not in shares:
                path: Path = ("labour_market", "vacancies", stem, name)
                known = ", ".join(shares)
                yield finding(merged, path, NAMES[stem][1], area=name, known=known)


def _target_people(merged: Merged, population: Population, referral: Referral) -> Iterator[Finding]:
    """Find targets that leave nobody: a share of zero for all that is asked."""
    target = referral.target
    wanted = {
        "areas": (target.areas, population.areas),
        "education": (target.education, population.education.model_dump()),
        "benefit": (target.benefit, population.benefit.model_dump()),
        "sectors": (target.sectors, population.sectors),
        "languages": (target.languages, population.languages),
    }
    for key, (values, shares) in wanted.items():
        known = [
            value for value in values or () if value.replace("-", "_") in shares or value in shares
        ]
        share = sum(shares.get(value, shares.get(value.replace("-", "_"), 0.0)) for value in known)
        if known and share <= 0:
            yield finding(merged, ("referral", "target", key), "empty_target", key=key, share=key)
    if target.support_days_min and "labour-market-support" not in (
        target.benefit or ["labour-market-support"]
    ):
        yield finding(merged, ("referral", "target", "support_days_min"), "empty_support")
    yield from _nobody_left(merged, population, target)
    if _no_age(population, target):
        age = "age_min" if target.age_min is not None else "age_max"
        yield finding(merged, ("referral", "target", age), "empty_target", key=age, share="age")


def _nobody_left(merged: Merged, population: Population, target: Target) -> Iterator[Finding]:
    """Find targets that keep everybody out: by sector, by needs, or by both keys of sectors."""
    out, path = set(target.sectors_excluded or ()), ("referral", "target")
    left = set(target.sectors or population.sectors) - out
    if out and not any(population.sectors.get(name, 0) > 0 for name in left):
        values = {"key": "sectors_excluded", "share": "sectors"}
        yield finding(merged, (*path, "sectors_excluded"), "empty_target", **values)
    shares = list(population.needs.model_dump().values())
    if sum(shares[target.needs_min or 0 :]) <= 0:
        yield finding(merged, (*path, "needs_min"), "empty_needs")


def _no_age(population: Population, target: Target) -> bool:
    low = YOUNGEST if target.age_min is None else target.age_min
    high = OLDEST if target.age_max is None else target.age_max
    bands = {
        (18, 24): population.age.under_25,
        (25, 34): population.age.from_25_to_34,
        (35, 49): population.age.from_35_to_49,
        (50, 64): population.age.from_50,
    }
    return all(
        share <= 0 for (first, last), share in bands.items() if low <= last and high >= first
    )


def _months(
    merged: Merged, run: Run, population: Population, referral: Referral
) -> Iterator[Finding]:
    """Find a span of months out of work that nobody can reach: bands end, weeks run out."""
    edges, least = population.unemployed_months_edges, referral.target.unemployed_months_min
    if edges is None or least is None:
        return
    last = referral.start_week + referral.weeks
    longest = edges[-1] + min(last, run.weeks) / 4.345
    if least > longest:
        path: Path = ("referral", "target", "unemployed_months_min")
        yield finding(merged, path, "nobody_so_long", longest=f"{longest:.0f}", got=least)


def _volume(
    merged: Merged, run: Run, population: Population, referral: Referral, employers: Employers
) -> Iterator[Finding]:
    path: Path = ("referral", "volume")
    if referral.volume == 0:
        if employers.firms == 0:  # else the clients are firms
            yield as_warning(finding(merged, path, "no_volume"))
        return
    if population.inflow_per_week is None:  # unknown until the hazards are
        return
    weeks = max(0, min(run.weeks, referral.start_week + referral.weeks))
    people = population.registered + population.inflow_per_week * weeks
    if referral.volume > people:
        found = finding(
            merged, path, "volume_too_large", volume=referral.volume, people=int(people)
        )
        yield as_warning(found)


def _no_time(merged: Merged, office: Office, referral: Referral) -> Iterator[Finding]:
    """Find offices that have nobody to refer people."""
    if referral.volume == 0:
        return
    without = {
        "caseworkers": office.caseworkers,
        "hours_per_caseworker_week": office.hours_per_caseworker_week,
    }
    team = {"referral_team": office.referral_team}
    advice = {
        "referral_time_share": office.referral_time_share,
        "advice_share": office.advice_share,
    }
    for key, value in (without | (advice if referral.regime == "advisor" else team)).items():
        if value == 0:
            yield as_warning(finding(merged, ("office", key), "nobody_refers"))


def _comes_by_itself(
    merged: Merged, referral: Referral, providers: list[Provider]
) -> Iterator[Finding]:
    """Warn where people are to come by themselves, and nothing makes them."""
    path: Path = ("referral", "marketing")
    terms = referral.marketing
    if terms.aimed_factor != 1 and not terms.aimed_at.model_dump(exclude_none=True):
        yield as_warning(finding(merged, (*path, "aimed_factor"), "aimed_at_all"))
    if referral.regime != "self" and not referral.also_self:
        return
    if terms.inquiries_per_month == 0:
        yield as_warning(finding(merged, (*path, "inquiries_per_month"), "no_inquiries"))
    if all(provider.marketing == 0 for provider in _sharing(referral, providers)):
        key = "regime" if referral.regime == "self" else "also_self"
        yield as_warning(finding(merged, ("referral", key), "no_marketing"))


def _places(merged: Merged, referral: Referral, providers: list[Provider]) -> Iterator[Finding]:
    """Warn where no provider has a place for anybody."""
    sharing = _sharing(referral, providers)
    if all(provider.places == 0 for provider in sharing):
        path: Path = ("providers", sharing[0].name, "places")
        yield as_warning(finding(merged, path, "no_places"))


def _sharing(referral: Referral, providers: list[Provider]) -> list[Provider]:
    return providers[:1] if referral.provider_choice == "single" else providers


def _relative_euros(merged: Merged, contract: Contract) -> Iterator[Finding]:
    """Warn when euros were set nearer to the user than the keys that rescale them."""
    shares = merged.origin(("contract", "outcome_share"))
    if not contract.rescales or shares is None:
        return
    for fee in contract.fees:
        path: Path = ("contract", "fees", fee.name, "eur")
        origin = merged.origins.get(path)
        if origin is not None and origin.order > shares.order:
            yield as_warning(finding(merged, path, "relative_euros", share=contract.outcome_share))


def _paid_on_top(merged: Merged, contract: Contract) -> Iterator[Finding]:
    """Warn of fees that equal generosity can not scale, so that they come on top of the rest."""
    for fee in contract.fees if contract.rescales else ():
        if not fee.rescales and (fee.share or (fee.eur > 0 and contract.outcome_share != 1)):
            key = "instrument" if fee.share is None else "share"
            path: Path = ("contract", "fees", fee.name, key)
            yield as_warning(finding(merged, path, "paid_on_top"))


CHECKS: tuple[tuple[tuple[str, ...], Check], ...] = (
    (("run", "referral", "contract"), _weeks),
    (("run", "contract"), _run_ends),
    (("run", "labour_market"), _shocks),
    (("contract",), _fee_windows),
    (("contract",), _service_windows),
    (("referral", "contract"), _lotteries),
    (("referral", "contract"), _minimum_volume),
    (("employers", "contract"), _asked_firms),
    (("contract",), _proof),
    (("contract",), _relative_euros),
    (("contract",), _paid_on_top),
    (("population", "referral"), _names),
    (("population", "contract"), _group_names),
    (("population", "labour_market"), _vacancies),
    (("referral", "procurement"), purchase.procedure),
    (("procurement",), purchase.not_read),
    (("procurement", "contract"), purchase.bid_on),
    (("population", "referral", "procurement"), purchase.lots),
    (("run", "procurement", "contract"), purchase.rounds),
    (("population", "providers"), _provider_areas),
    (("population", "partnership"), purchase.coordinators),
    (("population",), _transfers),
    (("population", "employers"), purchase.firms),
    (("run", "labour_market", "employers"), purchase.firms_in_vain),
    (("procurement", "employers", "contract"), purchase.firms_unpaid),
    (("office", "referral"), _no_time),
    (("referral", "providers"), _comes_by_itself),
    (("referral", "providers"), _places),
    (("procurement", "providers"), purchase.places_by_lot),
    (("population", "referral"), _target_people),
    (("run", "population", "referral"), _months),
    (("run", "population", "referral", "employers"), _volume),
)
"""Sections a check needs, and the check."""
