"""``[labour_market.vacancies]``: where vacancies are scarce, and where there are plenty."""

from __future__ import annotations

from pydantic import Field, model_validator

from labsim.scenario.parameter import Fault, Section, refuse
from labsim.scenario.paths import dotted

MOST_VACANCIES = 20.0
"""The matching function is cut off there."""


class Vacancies(Section):
    """Vacancies by area and sector; these multiply, and what is left out is 1.

    Tightness is vacancies per unemployed person at the start; a segment's hazards and the
    displacement in it follow from the matching function.
    """

    areas: dict[str, float] = Field(
        default_factory=dict, max_length=200,
        description="Vacancies per jobseeker in an area, relative to the setting's",
    )  # fmt: skip
    sectors: dict[str, float] = Field(
        default_factory=dict, max_length=50,
        description="Vacancies per jobseeker in a sector, relative to the setting's",
    )  # fmt: skip

    @model_validator(mode="after")
    def _in_range(self) -> Vacancies:
        faults = []
        for stem in ("areas", "sectors"):
            for name, factor in getattr(self, stem).items():
                key = dotted((stem, name))
                if factor <= 0:
                    faults.append(Fault(key, "not_more", limit=0, got=factor))
                if factor > MOST_VACANCIES:
                    faults.append(Fault(key, "too_large_value", limit=MOST_VACANCIES, got=factor))
        refuse(faults)
        return self
