"""What an office learns: a new service, and how far to trust each provider."""

from __future__ import annotations

import numpy as np

from labsim.market.arrays import Floats, Ints
from labsim.scenario.sections.office import Office


def knowledge_next(office: Office, knowledge: float, running: bool) -> float:
    """Return how well advisers know a service after a week, 0-1.

    A running service is learnt by ``k + a*(1 - k)``, so that `n` weeks leave ``(1-k0)*(1-a)**n``
    unknown; without one ``k*(1 - f)`` stays. Starting a wholly new service takes its time (REF-31),
    and a gap between contracts costs some of what was learnt.
    """
    if running:
        return knowledge + office.learning_per_week * (1 - knowledge)
    return knowledge * (1 - office.forgetting_per_week)


def trust_next(office: Office, trust: Floats, contacts: Ints, disputes: Ints) -> Floats:
    """Return trust in each provider after a week, (providers,), 0-1.

    With s the disputed share of the week's contacts and disputes,
    ``t + gain*(1-t)*(1-s) - loss*t*s``; nothing happens without either. It rests where the two
    balance, at ``gain*(1-s) / (gain*(1-s) + loss*s)``, whatever the size of the contract. Trust
    takes about a year to build (TIM-03) and falls with disputes (M-TRU-01).

    Parameters
    ----------
    trust : (providers,)
        Trust now.
    contacts : (providers,)
        Clients who started.
    disputes : (providers,)
        Claims disputed.
    """
    events = contacts + disputes
    bad = np.divide(disputes, events, out=np.zeros(events.size), where=events > 0)
    good = np.where(events > 0, 1 - bad, 0.0)
    after: Floats = (
        trust
        + office.trust_gain_per_week * (1 - trust) * good
        - office.trust_loss_per_week * trust * bad
    )
    return after
