"""Tasks for the executor's tests: module-level, so that spawned processes find them."""

from __future__ import annotations

import os
import time


class AwkwardError(Exception):
    """Cannot be rebuilt from its arguments, as many exceptions of libraries cannot."""

    def __init__(self, first: int, second: int) -> None:
        super().__init__(f"awkward {first}")
        self.second = second


def square(number: int) -> int:
    return number * number


def slow_first(number: int) -> int:
    """Finish the first task last."""
    time.sleep(0.5 if number == 0 else 0.0)
    return number


def fails_at_three(number: int) -> int:
    if number == 3:
        raise ValueError("three is not liked")
    return number


def fails_awkwardly(number: int) -> int:
    if number == 3:
        raise AwkwardError(number, 4)
    return number


def dies_at_three(number: int) -> int:
    if number == 3:
        os._exit(9)
    return number


def returns_what_cannot_travel(number: int) -> object:
    return (lambda: number) if number == 3 else number


def interrupted_at_three(number: int) -> int:
    if number == 3:
        raise KeyboardInterrupt
    return number


def dies_always(number: int) -> int:
    os._exit(9)


def wait_long() -> None:
    time.sleep(60)
