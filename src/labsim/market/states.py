"""States that a person can be in, and stages of the service.

Compare columns with a member's `value`: against the member itself numpy makes a column of int64
first, which takes ten times as long.
"""

from __future__ import annotations

from enum import IntEnum


class State(IntEnum):
    """What a person does; exactly one at a time."""

    ARRIVING = -1
    UNEMPLOYED = 0
    EMPLOYED = 1
    SUBSIDISED = 2
    STUDYING = 3
    ENTREPRENEUR = 4
    OUTSIDE = 5


class Stage(IntEnum):
    """How far a person has come with the service."""

    NONE = 0
    REFERRED = 1
    DECLINED = 2
    IN_SERVICE = 3
    ENDED = 4
    DROPPED_OUT = 5
    GONE_BEFORE_START = 6
    SENT_BACK = 7
    RETURNED = 8
    STAYED_AWAY = 9
    PAUSED = 10
