"""Keyed random draws: the same luck in every design.

A draw depends on (seed, replication, stream, week, person) and on nothing else: there is no state
to copy, no counter of calls, and no order of events. Think of a cube of numbers with the axes
person, week and decision; a design only chooses which cells are looked at.

The generator is SplitMix64 (Steele, Lea & Flood 2014, OOPSLA) run as a counter: its output function
applied to ``key(seed, replication, stream, week) + person * golden``. Keys come from SHA-256, so
that streams, weeks and replications start at unrelated places of the 2**64 cycle.
"""

from __future__ import annotations

import hashlib
from enum import StrEnum, unique

import numpy as np
from scipy.special import ndtri

from labsim.market.arrays import Floats, Ints

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MULTIPLIER_1 = np.uint64(0xBF58476D1CE4E5B9)
_MULTIPLIER_2 = np.uint64(0x94D049BB133111EB)
_SHIFT_30, _SHIFT_27, _SHIFT_31, _SHIFT_12 = (np.uint64(n) for n in (30, 27, 31, 12))
_BITS_OF_ONE = np.float64(1.0).view(np.uint64)
_ONE = 1 - 2.0**-53
"""Taken from ``1 + k * 2**-52`` it leaves ``(k + 1/2) * 2**-52`` exactly: never 0, never 1."""
BLOCK = 2**14
"""Rows worked on at a time where a rule runs over many people: temporaries then stay in cache."""


@unique
class Stream(StrEnum):
    """Every decision that luck takes part in; the name is part of the key."""

    AGE_BAND = "age-band"
    AGE = "age"
    EDUCATION = "education"
    AREA = "area"
    SCHEME = "benefit-scheme"
    COMMON = "common-factor"
    ABILITY = "ability"
    MOTIVATION = "motivation"
    BELIEF = "belief"
    UNSEEN = "unseen-employability"
    STOCK = "kept-in-the-stock"
    DURATION = "duration-at-start"
    DURATION_BAND = "duration-band"
    PRIORITY = "referral-priority"
    LOTTERY = "lottery"
    ACCEPT = "acceptance"
    ASSESSMENT = "assessment-error"
    SEEN_ABILITY = "seen-work-ability"
    SEEN_MOTIVATION = "seen-motivation"
    REGISTER_GAP = "register-gap"
    MEETING = "meeting-an-adviser"
    ADVICE = "advice-to-try-the-service"
    PROVIDER_CHOICE = "choice-of-provider"
    BELIEF_OF_PROVIDER = "provider-belief-error"
    DROPOUT = "dropout"
    SATISFACTION = "satisfaction"
    NOTICE = "client-gives-notice"
    SAMPLE = "claim-is-sampled"
    DISPUTE = "claim-is-disputed"
    DISPUTE_LOST = "dispute-is-lost"
    EXIT = "exit-from-unemployment"
    JOB_TYPE = "job-type"
    JOB_HOURS = "job-hours"
    FIXED_TERM = "fixed-term"
    TERM_LENGTH = "term-length"
    FINDER = "who-found-the-job"
    SEPARATION = "separation"
    STRETCH = "stretched-term"
    SECTOR = "sector"
    LANGUAGE = "language"
    NEEDS = "service-needs"
    KNOWN_CHANGE = "known-change"
    KNOWN_CHANGE_KIND = "kind-of-known-change"
    BUSINESS_KIND = "kind-of-business"
    BUSINESS_HOURS = "business-hours"
    INQUIRY = "inquiry"
    SESSION = "comes-to-the-session"
    SANCTION = "sanction"
    REMOTE_TASTE = "taste-for-remote-service"
    COORDINATOR = "coordinator"
    FIRM_SEGMENT = "segment-of-a-firm"
    FIRM_SIZE = "vacancies-of-a-firm"
    FIRM_JOINS = "week-in-which-a-firm-joins"
    FIRM_CHOICE = "provider-of-a-firm"
    FIRM_SCORE = "answer-of-a-firm"
    TRANSFER = "transfer-to-another-register"
    MEASURED_BEFORE = "measured-at-the-start"
    MEASURED_AFTER = "measured-at-the-end"
    CAME_FROM = "what-came-before"
    BIDDER_COST = "bidder-cost"
    BIDDER_SKILL = "bidder-skill"
    BIDDER_CASELOAD = "bidder-planned-caseload"
    BIDDER_VIEW = "bidder-view-of-the-target-group"
    BID_QUALITY = "quality-score-of-a-bid"
    BID_IDEA = "first-look-at-a-concept"
    LOT = "lot-of-a-client"


class Draws:
    """All luck of one replication.

    Parameters
    ----------
    seed
        The run's seed.
    replication
        Number of the replication, from 0.
    """

    def __init__(self, seed: int, replication: int) -> None:
        self.seed, self.replication = seed, replication
        self._keys = {stream: _digest(f"{seed}/{replication}/{stream}") for stream in Stream}

    def uniform(self, stream: Stream, week: int, persons: Ints) -> Floats:
        """Draw one number in (0, 1) for each person.

        Parameters
        ----------
        stream
            The decision.
        week
            The week; 0 for what is drawn once.
        persons : (n,)
            Ids of persons, stable over the run.
        """
        key = np.uint64(_mix(self._keys[stream] ^ _mix(week + 1)))
        bits = persons.astype(np.uint64)
        spare = np.empty(min(persons.size, BLOCK), dtype=np.uint64)
        for first in range(0, persons.size, BLOCK):
            _mix_block(bits[first : first + BLOCK], key, spare)
        numbers: Floats = bits.view(np.float64)
        numbers -= _ONE
        return numbers

    def normal(self, stream: Stream, week: int, persons: Ints) -> Floats:
        """Draw one standard normal number for each person; see `uniform`."""
        numbers: Floats = ndtri(self.uniform(stream, week, persons))
        return numbers


def _mix_block(bits: Ints, key: np.uint64, spare: Ints) -> None:
    """Turn ids into the bits of random floats in [1, 2), in a block that stays in cache."""
    spare = spare[: bits.size]
    bits *= _GOLDEN
    bits += key
    for shift, multiplier in ((_SHIFT_30, _MULTIPLIER_1), (_SHIFT_27, _MULTIPLIER_2)):
        np.right_shift(bits, shift, out=spare)
        bits ^= spare
        bits *= multiplier
    np.right_shift(bits, _SHIFT_31, out=spare)
    bits ^= spare
    bits >>= _SHIFT_12
    bits |= _BITS_OF_ONE


def _digest(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "little")


def _mix(value: int) -> int:
    """Return SplitMix64's output function of a Python integer."""
    mask = 2**64 - 1
    value = (value + int(_GOLDEN)) & mask
    value = ((value ^ (value >> 30)) * int(_MULTIPLIER_1)) & mask
    value = ((value ^ (value >> 27)) * int(_MULTIPLIER_2)) & mask
    return value ^ (value >> 31)
