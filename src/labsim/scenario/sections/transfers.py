"""``[[population.transfers]]``: people who leave the purchaser's register for somebody else's."""

from __future__ import annotations

from labsim.scenario.parameter import Name, Section, param
from labsim.scenario.sections.referral import Target


class Transfer(Section):
    """A share of some people is handed over to somebody else, as to the municipal experiment.

    From then on the office neither follows them up nor refers them; those in the service stay in it
    (COV-06, M-REF-22).
    """

    name: Name = param(..., "Name of the transfer", min_length=1, max_length=80)
    week: int = param(
        ..., "Week in which they go; who comes to the register later goes at once", unit="week",
        ge=0, le=1560,
    )  # fmt: skip
    share: float = param(1.0, "Share of them who go", ge=0, le=1)
    when: Target = param(..., "Who goes")
