"""What hours with a coach do to a client."""

from __future__ import annotations

from math import exp

import numpy as np
from scipy.special import expit

from labsim.market.arrays import Floats
from labsim.market.weeks import WEEKS_PER_MONTH
from labsim.scenario.sections.coaching import Coaching


def dose(coaching: Coaching, hours: Floats) -> Floats:
    """Return the share of the full effect that weekly hours give, ``1 - exp(-hours/kappa)``."""
    return _saturating(hours, coaching.saturation_hours_per_week)


def _saturating(hours: Floats, kappa: float) -> Floats:
    share: Floats = -np.expm1(-hours / kappa)
    return share


def kept_hazard(coaching: Coaching, hours: Floats) -> Floats:
    """Return the factor that weekly hours of support leave on the hazard of losing a job.

    ``1 - R * (1 - exp(-hours/kappa_r))``, with ``R`` times `effect_scale` at most 1.
    """
    full = min(coaching.effect_scale * coaching.support_effect, 1.0)
    return 1 - full * _saturating(hours, coaching.support_saturation_hours)


def learnt(coaching: Coaching, weeks: float) -> float:
    """Return the part of its skill that a service has after so many weeks.

    ``1 - loss * exp(-months/6)``: new services learn (model.md, What coaching does).
    """
    months = weeks / WEEKS_PER_MONTH
    return 1 - coaching.startup_loss * exp(-months / coaching.startup_months)


def ability_gate(coaching: Coaching, ability: Floats) -> Floats:
    """Return how much of job coaching a client's work ability lets through (0-1)."""
    width = max(coaching.ability_full - coaching.ability_floor, 1e-9)
    gate: Floats = np.clip((ability - coaching.ability_floor) / width, 0, 1)
    return gate


def motivation_gate(coaching: Coaching, motivation: Floats) -> Floats:
    """Return how much of job coaching a client's motivation lets through (0-1)."""
    gate: Floats = expit((motivation - coaching.motivation_midpoint) / coaching.motivation_width)
    return gate


def responsiveness(
    coaching: Coaching, ability: Floats, motivation: Floats, hazard: Floats, reference: float
) -> Floats:
    """Return what full coaching can do for a client, relative to a client at the reference hazard.

    ``G(ability) * P(motivation) * (h_ref/h)**rho``; the last factor kept within its limits: the
    relative effect falls with a client's own prospects (model.md, What coaching does).
    """
    prospects = np.clip(
        (reference / hazard) ** coaching.prospects_exponent,
        coaching.prospects_factor_min,
        coaching.prospects_factor_max,
    )
    value: Floats = (
        ability_gate(coaching, ability) * motivation_gate(coaching, motivation) * prospects
    )
    return value


def motivation_gain(coaching: Coaching, sd: float, hours: Floats) -> Floats:
    """Return the week's gain in motivation from contact; `sd` is the spread of motivation."""
    full = coaching.effect_scale * coaching.motivation_gain_sd * sd / coaching.motivation_gain_weeks
    return full * dose(coaching, hours)


def ability_gain(coaching: Coaching, ability: Floats, hours: Floats) -> Floats:
    """Return the week's gain in work ability: largest at 6-9, nil when ability is very low.

    The bump rises from 0 at 3 to 1 at 6, stays to 9 and falls to 0.5 at 10, after WA-02 and WA-03.
    """
    bump = np.interp(ability, [3.0, 6.0, 9.0, 10.0], [0.0, 1.0, 1.0, 0.5])
    full = coaching.effect_scale * coaching.ability_gain / coaching.ability_gain_weeks
    return full * bump * dose(coaching, hours)
