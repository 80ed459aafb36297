"""What scenario a command speaks about, in a few lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labsim.cli.layout import paragraph

if TYPE_CHECKING:
    from labsim.scenario.loaded import Loaded
    from labsim.words import Words


def described(loaded: Loaded, file: str, words: Words) -> list[str]:
    """Return title and description, of the scenario and of the design.

    A design's title hides the scenario's, which is therefore read again.
    """
    from labsim.scenario import load
    from labsim.study.explain import head

    if loaded.design == "own":
        texts = head(loaded.scenario, None, words)
    else:
        texts = head(load(file).scenario, loaded.scenario, words)
    return [line for text in texts for line in paragraph(text)]
