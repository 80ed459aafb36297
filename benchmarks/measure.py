"""Timing and printing."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that some work takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def worked(work: Callable[[], object]) -> float:
    """Return the processor seconds of this process that some work takes.

    What runs in one thread takes as long on a core of its own; others' work does not count.
    """
    begun = time.process_time()
    work()
    return time.process_time() - begun


def both_clocks(work: Callable[[], object]) -> tuple[float, float]:
    """Return the processor seconds that some work takes, and the seconds by the clock."""
    begun = time.perf_counter()
    processor = worked(work)
    return processor, time.perf_counter() - begun


def show(name: str, values: Sequence[float], unit: str) -> None:
    """Print the median and range of a figure."""
    middle, low, high = statistics.median(values), min(values), max(values)
    print(
        f"{name:<62}{middle:9.2f} {unit}  ({low:.2f} to {high:.2f}, n = {len(values)})", flush=True
    )


def ratios(one: list[float], other: list[float]) -> list[float]:
    """Return ratios, repetition by repetition."""
    return [a / b for a, b in zip(one, other, strict=True)]
