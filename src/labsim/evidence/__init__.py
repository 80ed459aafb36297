"""The facts that evaluations of the pilots reported, and what became of each in the model.

`facts.csv` is a copy of the evidence's table of facts. `standing.csv` says of the facts that are
not checked why not: `input` where the number was put in (or a parameter fitted to it), with how;
`not-simulated` where the model has no counterpart. Every fact is checked or stands there.
"""

from labsim.evidence.facts import Fact, Standing, facts, standings

__all__ = ["Fact", "Standing", "facts", "standings"]
