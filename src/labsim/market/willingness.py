"""What makes people accept more or less readily than motivation and belief alone do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from labsim.market import remote
from labsim.market.arrays import Floats, Ints
from labsim.market.choice import near
from labsim.market.people import EDUCATION
from labsim.market.regimes import REGIMES, usual_shift
from labsim.scenario.sections.referral import Acceptance

if TYPE_CHECKING:
    from labsim.market.model import LabourMarket
    from labsim.market.provider import Provider


def shifts(market: LabourMarket, persons: Ints) -> Floats:
    """Return what is added to the logit of accepting for referred people, (n,).

    How they came: a letter persuades less than a person does; who has come by themselves, or has
    seen the service at a session, accept more readily, the latter the better it suits them
    (M-REF-15, PART-02). An obligation weighs with those whom the office sends.
    """
    referral = market.setup.referral
    acceptance, by_self = referral.acceptance, market.columns.applied[persons]
    shift = np.full(persons.size, usual_shift(referral))
    if REGIMES[referral.regime].by_session:
        fit = market.responsiveness(persons, market.own_hazard(persons))
        shift += acceptance.per_fit_seen * (np.minimum(fit, 2) - 1)
    shift[by_self] = acceptance.by_own_wish
    lots = market.places.lot_of(persons)
    for lot in np.unique(lots):
        own = np.flatnonzero(lots == lot)
        shift[own] += _place(market, persons[own], market.places.serving_in(int(lot)))
    return shift


def _place(market: LabourMarket, persons: Ints, serving: list[Provider]) -> Floats:
    """Return what distance and remote contact add for people of one lot, (n,); see `by_place`.

    Who chooses counts on the nearest provider, others on what they may get of all that serve.
    """
    terms = [provider.terms for provider in serving]
    remote_share = np.array([provider.remote_share for provider in serving])
    if not remote_share.any() and all(each.areas is None for each in terms):
        return np.zeros(persons.size)
    away = ~near(terms, market.areas, market.columns.area[persons]) * (1 - remote_share[:, None])
    chooses = market.setup.referral.provider_choice == "client"
    return by_place(
        market.setup.referral.acceptance,
        away=away.min(axis=0) if chooses else away.mean(axis=0),
        remote_share=float(remote_share.mean()),
        tertiary=market.columns.education[persons] == EDUCATION.index("tertiary"),
        taste=remote.tastes(market.setup.population, market.draws, persons),
    )


def by_place(
    acceptance: Acceptance, *, away: Floats, remote_share: float, tertiary: Floats, taste: Ints
) -> Floats:
    """Return the shift of the logit by distance and remote contact.

    ``far * away * (far_tertiary if tertiary else 1) + remote_share * (what remote weighs)``: a
    short distance is among what people value most, less so the highest educated (PREF-22, PREF-23);
    remote contact spares the way (M-PAR-10), and divides opinions (REM-03).

    Parameters
    ----------
    away : (n,)
        Share of the contact that is face to face with a provider that is not near.
    remote_share
        Share of the contact that is remote.
    tertiary, taste : (n,)
        Whether a person has tertiary education; a code of `labsim.market.remote`.
    """
    weight = np.where(tertiary, acceptance.far * acceptance.far_tertiary, acceptance.far)
    weights = (acceptance.remote_difficult, acceptance.remote_disliked, acceptance.remote_liked)
    shift: Floats = weight * away + remote_share * np.array(weights)[taste]
    return shift
