"""Facts about referral: REF and the reasons not to take part, PART."""

from __future__ import annotations

import numpy as np

from labsim.market.arrays import Floats
from labsim.study.validation.checks.pilots import FAR, NEAR
from labsim.study.validation.registry import POSITIVE, check
from labsim.study.validation.runs import Runs, correlations
from labsim.study.validation.verdict import Across, Limits


@check("REF-02", worlds=("tehostettu-tyonvalitys",))
def started_tehostettu(runs: Runs) -> Floats:
    """People who start, of those referred."""
    return runs.of("started", "tehostettu-tyonvalitys")


@check("REF-03", worlds=("tehostettu-tyonvalitys",), tolerance=0.05)
def start_rate_tehostettu(runs: Runs) -> Floats:
    """Starts per person referred."""
    return runs.of("start_rate", "tehostettu-tyonvalitys")


@check("REF-05", worlds=("palvelumanageri",))
def started_palvelumanageri(runs: Runs) -> Floats:
    """People who start, of those referred."""
    return runs.of("started", "palvelumanageri")


@check("REF-04", worlds=("omavalmentaja",))
def referred_omavalmentaja(runs: Runs) -> Floats:
    """People referred."""
    return runs.of("referred", "omavalmentaja")


@check("REF-06", worlds=("forssa-uusi-toimintamalli",))
def referred_forssa(runs: Runs) -> Floats:
    """People whom advisers refer, of the 700 planned: whether the office gets there."""
    return runs.of("referred", "forssa-uusi-toimintamalli")


@check("REF-08", worlds=("aimo",))
def started_aimo(runs: Runs) -> Floats:
    """People who start when everybody on labour-market support is referred."""
    return runs.of("started", "aimo")


@check("REF-12", worlds=("focus-tyopolut",))
def customers_a_year(runs: Runs) -> Floats:
    """People who start in the year of referral."""
    return runs.of("started", "focus-tyopolut")


@check("REF-17", worlds=("kasvo-etela-savo",))
def target_of_kasvo(runs: Runs) -> Floats:
    """Share of the register of week 0 that has been out of work for three months or more, %."""
    return runs.of("stock_in_target", "kasvo-etela-savo")


@check("REF-18", worlds=("keski-suomi-osatyokykyiset",))
def partial_work_ability(runs: Runs) -> Floats:
    """People of the register of week 0 in the target group; 14,000 are on it."""
    return runs.of("stock_in_target", "keski-suomi-osatyokykyiset") * 14_000 / 100


@check("REF-20", worlds=("regimes",), limits=POSITIVE)
def referral_makes_success(runs: Runs) -> Floats:
    """Correlation, over regimes of referral, of how far places fill with the outcomes paid."""
    variants = ("central", "advisor", "bulk", "known", "reluctant")
    fill = np.stack([runs.of("fill", "regimes", name) for name in variants])
    paid = np.stack([runs.of("outcomes_paid", "regimes", name) for name in variants])
    return correlations(fill.T, paid.T)


@check("REF-21", worlds=("regimes",))
def central_fills(runs: Runs) -> Floats:
    """Referrals of the first half of the time as a share of plan, a central list less advisers."""
    return runs.difference("fill_half", "regimes", "central", "advisor")


@check("REF-22", worlds=("regimes",), limits=POSITIVE)
def bulk_fills_at_first(runs: Runs) -> Floats:
    """Starts in the first 16 weeks, letters to many at once less a list worked through evenly."""
    return runs.difference("starts_at_first", "regimes", "bulk", "central")


@check("REF-27", worlds=FAR)
def harder_than_expected(runs: Runs) -> Across:
    """Log job hazard of starters as the office assessed it, less the true one, by pilot."""
    return runs.across("prospects_bias", FAR)


@check("REF-28", worlds=(*NEAR, *FAR))
def ability_overestimated(runs: Runs) -> Across:
    """Work ability as the office sees it less the true one, of people referred, by pilot."""
    return runs.across("ability_bias", (*NEAR, *FAR))


@check("MOT-06", worlds=(*NEAR, *FAR))
def motivation_overestimated(runs: Runs) -> Across:
    """Motivation as the office sees it less the true one, of people referred, by pilot."""
    return runs.across("motivation_bias", (*NEAR, *FAR))


@check("REF-29", worlds=("register",), limits=POSITIVE)
def gaps_mislead(runs: Runs) -> Floats:
    """Spread of the office's error about starters, half the register empty less none of it."""
    return runs.difference("error_sd", "register", "gaps", "whole")


@check("REF-30", worlds=("focus-tyopolut",), tolerance=0.05)
def focus_fills(runs: Runs) -> Floats:
    """Referrals as a share of what was agreed; within 5 %."""
    return runs.of("fill", "focus-tyopolut")


@check("REF-31", worlds=("regimes",))
def new_service_ramps_up(runs: Runs) -> Floats:
    """Referrals of the first eight weeks as a share of plan, a known service less a new one."""
    return runs.difference("fill_at_first", "regimes", "known", "advisor")


@check("PART-01", worlds=(*NEAR, *FAR), limits=POSITIVE)
def belief_is_the_main_reason(runs: Runs) -> Across:
    """Decliners whose main reason is belief in finding work, less the next reason, pp, by pilot."""
    return runs.across("belief_before_others", (*NEAR, *FAR))


@check("MOT-05", worlds=("no displacement",), limits=Limits(0, 0))
def no_effect_without_participation(runs: Runs) -> Floats:
    """Weeks in work that the service changes for people who decline, where nobody is displaced."""
    return runs.of("weeks_gained_declined", "no displacement")


@check("REF-23", worlds=("channels",))
def marketing_brings_starts(runs: Runs) -> Floats:
    """People who start, advisers and the provider's own marketing less advisers alone."""
    return runs.difference("started", "channels", "marketing", "advisor")


@check("REF-24", worlds=("channels",))
def sessions_open_the_service(runs: Runs) -> Floats:
    """Starts per person referred, from information sessions less from a central list."""
    return runs.difference("start_rate", "channels", "session", "central")


@check("REF-33", worlds=("channels",))
def marketing_reaches_the_far(runs: Runs) -> Floats:
    """Starters of the far third, %, marketing aimed at them beside advisers less advisers alone."""
    return runs.difference("far_starters", "channels", "marketing", "advisor")
