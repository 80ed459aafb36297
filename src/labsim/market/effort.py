"""Hours: how a provider divides client hours among its clients.

The provider maximises ``sum_i V_i * (1 - exp(-e_i / kappa))`` with ``low_i <= e_i <= high_i`` and
``sum_i e_i <= H``. At the optimum ``e_i = kappa * ln(V_i / (kappa * mu))``, clipped, with one price
of an hour ``mu`` for all (kappa may differ from client to client): water-filling. It is solved
exactly by sorting the points at which a client leaves the lower or reaches the upper limit, between
which the sum of hours is linear in ``ln(mu)``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from labsim.market.arrays import Floats


@dataclass(frozen=True)
class Allocation:
    """Hours of one week.

    Attributes
    ----------
    hours : (clients,)
        Hours of each client.
    price
        Worth of one more hour, ``mu``, in the unit of ``V`` per hour; 0 when hours are left over.
    breach
        Whether there were too few hours for everybody's minimum.
    """

    hours: Floats
    price: float
    breach: bool = False


def allocate(
    worth: Floats, total: float, low: Floats, high: Floats, kappa: Floats | float
) -> Allocation:
    """Divide hours among clients.

    Parameters
    ----------
    worth : (clients,)
        ``V_i``: what a fully served week of the client is worth; not positive means the minimum.
    total
        ``H``: hours there are.
    low, high : (clients,)
        Limits of each client's hours.
    kappa : (clients,) or a number
        Hours that give 63 % of the effect.

    Returns
    -------
    Allocation
        With too few hours for the minima, minima are scaled down alike; with more than the maxima,
        everybody is at the maximum and the rest is idle; when nobody is worth anything, equal
        shares.
    """
    if worth.size == 0:
        return Allocation(np.zeros(0), 0.0)
    least = float(low.sum())
    if total <= least:
        scale = total / least if least > 0 else 0.0
        breach = total < least * (1 - 1e-9)  # staff for the minimum, and no more, is enough
        return Allocation(low * scale, float("inf"), breach)
    if total >= float(high.sum()):
        return Allocation(high.copy(), 0.0)
    if not (worth > 0).any():
        return Allocation(_equal_shares(total, low, high), 0.0)
    return _water_fill(worth, total, low, high, np.broadcast_to(kappa, worth.shape))


def _water_fill(
    worth: Floats, total: float, low: Floats, high: Floats, saturation: Floats
) -> Allocation:
    valued = np.flatnonzero(worth > 0)
    kappa = saturation[valued]
    hours = low.copy()
    if total - float(low.sum()) >= float((high[valued] - low[valued]).sum()):
        hours[valued] = high[valued]
        return Allocation(hours, 0.0)
    level = np.log(worth[valued] / kappa)
    leaves_low, reaches_high = level - low[valued] / kappa, level - high[valued] / kappa
    points = np.concatenate([leaves_low, reaches_high])
    slopes = np.concatenate([kappa, -kappa])
    order = np.argsort(-points, kind="stable")
    points, slopes = points[order], np.cumsum(slopes[order])
    # From the highest log price downwards, hours grow by `slope` per unit of log price.
    steps = slopes[:-1] * -np.diff(points)
    filled = float(low.sum()) + np.concatenate([[0.0], np.cumsum(steps)])
    last = int(np.searchsorted(filled, total, side="right")) - 1
    last = min(max(last, 0), points.size - 2)
    slope = slopes[last]
    log_price = points[last] - (total - filled[last]) / slope if slope > 0 else points[last]
    hours[valued] = np.clip(kappa * (level - log_price), low[valued], high[valued])
    return Allocation(hours, float(np.exp(log_price)))


def _equal_shares(total: float, low: Floats, high: Floats) -> Floats:
    """Return the same hours for everybody, as far as the limits allow."""
    # A common value, clipped, is water-filling with equal worth, whatever the worth is.
    return _water_fill(np.ones(low.size), total, low, high, np.ones(low.size)).hours
