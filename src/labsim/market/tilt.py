"""Drawing those who stay long more often: other chances for candidates, made good by weights.

A person stands in the stock of a register with a chance in proportion to how long he or she stays.
Drawn as they arrive and kept by that chance, 1 candidate in 22 is kept. So candidates are drawn
with chances that already fall with prospects, ``p * exp(-strength * L)`` with L nearly the log
hazard, and kept in proportion to ``stay * exp(strength * L)``, which is nearly the same for all
(exponential tilting, as in importance sampling). Of a normal number the tilt only moves the mean.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from labsim.market.arrays import Floats
from labsim.scenario.schema import Scenario

STRENGTHS = (0.0, 0.45, 0.9)
"""Tried in turn; the one that keeps most candidates is used."""
_STEEPER = 1.3
"""Logs of scores bend down: a line somewhat steeper than at the mean is nearer to the low ones."""


@dataclass(frozen=True)
class Tilt:
    """How much the chances of candidates lean towards poor prospects.

    Attributes
    ----------
    strength
        Power of the hazard that chances are divided by.
    per_ability, per_motivation
        Log hazard for a point of these scores, along a line.
    common, ability, motivation, unseen
        What is added to standard normal numbers: the factor that scores share, the own part of
        two scores, and unseen employability.
    """

    strength: float
    per_ability: float
    per_motivation: float
    common: float
    ability: float
    motivation: float
    unseen: float

    def shares(self, shares: list[float], log_factor: Floats) -> list[float]:
        """Return the chances of categories that change the hazard by factors."""
        weights = np.array(shares) * np.exp(-self.strength * log_factor)
        tilted: list[float] = (weights / weights.sum()).tolist()
        return tilted

    def straight(self, log_base: Floats, ability: Floats, motivation: Floats) -> Floats:
        """Return L, the log hazard along straight lines, for scores before they are clipped."""
        line: Floats = log_base + self.per_ability * ability + self.per_motivation * motivation
        return line


def tilt(scenario: Scenario, strength: float) -> Tilt:
    """Return the tilt of a strength for a scenario's people."""
    population, market = scenario.population, scenario.labour_market
    per_ability = _STEEPER * market.ability_exponent / max(population.ability_mean, 1.0)
    per_motivation = _STEEPER * market.motivation_exponent / max(population.motivation_mean, 1.0)
    by_ability = -strength * per_ability * population.ability_sd
    by_motivation = -strength * per_motivation * population.motivation_sd
    shared, own = np.sqrt(population.correlation), np.sqrt(1 - population.correlation)
    return Tilt(
        strength=strength,
        per_ability=per_ability,
        per_motivation=per_motivation,
        common=float(shared * (by_ability + by_motivation)),
        ability=float(own * by_ability),
        motivation=float(own * by_motivation),
        unseen=-strength * market.unseen_sd,
    )


UNTILTED = Tilt(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
