"""A heading and what stands under it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Block:
    """A heading and the paragraphs under it."""

    heading: str
    paragraphs: tuple[str, ...]
