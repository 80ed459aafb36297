"""What people did some months after their referral: T3-EMP and T3-DUR."""

from __future__ import annotations

from labsim.market.arrays import Floats
from labsim.study.validation.checks.pilots import SURVEYED, WEIGHTS
from labsim.study.validation.registry import check
from labsim.study.validation.runs import Runs

_MEASURES = {
    "T3-EMP-01": ("later_employed", "work in open-market jobs"),
    "T3-EMP-02": ("later_subsidised", "are in subsidised work"),
    "T3-EMP-03": ("later_entrepreneur", "have a business of their own"),
    "T3-EMP-05": ("later_studying", "study"),
    "T3-EMP-06": ("later_in_service", "are in the service"),
    "T3-EMP-07": ("later_unemployed", "are unemployed and not in the service"),
    "T3-DUR-01": ("since_now", "are in work of any kind"),
    "T3-DUR-02": ("since_outside", "are outside the labour force"),
    "T3-DUR-03": ("since_lt1m", "worked last under a month ago"),
    "T3-DUR-04": ("since_1_3m", "worked last 1-3 months ago"),
    "T3-DUR-05": ("since_4_6m", "worked last 4-6 months ago"),
    "T3-DUR-06": ("since_7_12m", "worked last 7-12 months ago"),
    "T3-DUR-07": ("since_13_23m", "worked last 13-23 months ago"),
    "T3-DUR-08": ("since_gt24m", "worked last over 24 months ago"),
}


def _register(fact: str, measure: str, words: str) -> None:
    def share(runs: Runs) -> Floats:
        return runs.pooled(measure, WEIGHTS)

    share.__doc__ = (
        f"People who {words} half a year after their referral, %, pilots weighted by their answers."
    )
    check(fact, worlds=SURVEYED)(share)


for _fact, (_measure, _words) in _MEASURES.items():
    _register(_fact, _measure, _words)
