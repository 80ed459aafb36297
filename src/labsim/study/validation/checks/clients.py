"""Facts about clients and what they answer: MOT, WA, SAT and the surveys' tables."""

from __future__ import annotations

from labsim.market.arrays import Floats
from labsim.study.validation.checks.pilots import FAR, NEAR, SURVEYED, WEIGHTS
from labsim.study.validation.registry import POSITIVE, check
from labsim.study.validation.runs import Runs
from labsim.study.validation.verdict import Across, Limits

_PIRKANMAA = {"focus-tyopolut": 370.0, "tyotalo": 225.0}


@check("MOT-01", worlds=("focus-tyopolut",))
def unmotivated(runs: Runs) -> Floats:
    """People with motivation under 5, %, of all who are on the register or come to it."""
    return runs.of("unmotivated", "focus-tyopolut")


@check("MOT-02", worlds=FAR)
def hardest_groups_are_less_motivated(runs: Runs) -> Across:
    """Share with motivation under 5 among starters less among all, pp, by pilot for the hardest."""
    return runs.across("unmotivated_more", FAR)


@check("MOT-08", worlds=("focus-tyopolut",))
def motivation_goes_with_ability(runs: Runs) -> Floats:
    """Correlation of motivation with work ability among all people."""
    return runs.of("motivation_with_ability", "focus-tyopolut")


@check("WA-01", worlds=SURVEYED, limits=Limits(5.5, 8.5))
def mean_ability_by_pilot(runs: Runs) -> Across:
    """Mean work ability of starters by pilot; "about six to a little over eight": 5.5 to 8.5."""
    return runs.across("ability_starters", SURVEYED)


@check("WA-03", worlds=FAR, limits=POSITIVE)
def gain_is_a_hump(runs: Runs) -> Across:
    """Gain in work ability of clients at 6-9 less that of clients under 3, by pilot."""
    high, low = (runs.across(f"ability_gain_{name}", FAR) for name in ("high", "low"))
    return Across(high.values - low.values, FAR)


@check("SAT-02", worlds=SURVEYED)
def satisfied_by_pilot(runs: Runs) -> Across:
    """Clients who answer good or excellent, %, by pilot."""
    return runs.across("satisfied", SURVEYED)


@check("SAT-03", worlds=SURVEYED)
def dissatisfied_by_pilot(runs: Runs) -> Across:
    """Clients who answer passable or poor, %, by pilot."""
    return runs.across("dissatisfied", SURVEYED)


@check("SAT-04", worlds=(*NEAR, *FAR))
def intensive_satisfies_more(runs: Runs) -> Floats:
    """Mean satisfaction in pilots for those further from work less in placement pilots."""
    far, near = (runs.across("satisfaction_mean", names).values for names in (FAR, NEAR))
    rows = min(len(far), len(near))
    difference: Floats = far[:rows].mean(axis=1) - near[:rows].mean(axis=1)
    return difference


@check("SAT-06", worlds=SURVEYED)
def satisfied_pooled(runs: Runs) -> Floats:
    """Clients who answer good or excellent, %, pilots weighted by their answers."""
    return runs.pooled("satisfied", WEIGHTS)


@check("SAT-07", worlds=SURVEYED)
def dissatisfied_pooled(runs: Runs) -> Floats:
    """Clients who answer passable or poor, %, pilots weighted by their answers."""
    return runs.pooled("dissatisfied", WEIGHTS)


@check("SAT-12", worlds=tuple(_PIRKANMAA))
def grade_at_the_end(runs: Runs) -> Floats:
    """Mean answer at the end of the service, 1-5, Focus and Työtalo by their answers."""
    return runs.pooled("satisfaction_mean", _PIRKANMAA)


def _step(name: str, fact: str) -> None:
    def share(runs: Runs) -> Floats:
        return runs.pooled(f"answer_{name}", WEIGHTS)

    share.__doc__ = f"Clients who answer {name}, %, pilots weighted by their answers."
    check(fact, worlds=SURVEYED)(share)


for _number, _name in enumerate(("excellent", "good", "satisfactory", "passable", "poor"), start=1):
    _step(_name, f"T4-SAT-{_number:02}")
