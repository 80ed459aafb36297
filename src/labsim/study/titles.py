"""Fees, groups and providers under the titles that people read, in the language asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from labsim.scenario.schema import Scenario
from labsim.scenario.sections.contract import Group
from labsim.scenario.sections.fee import Fee
from labsim.scenario.sections.providers import Provider
from labsim.scenario.text import Text

Named = TypeVar("Named", Fee, Group, Provider)


def titled(scenario: Scenario, language: str) -> Scenario:
    """Return the scenario with titles in the place of names, where there is one in the language.

    Names are how files and results refer to a fee, group or provider; in a text for people the
    title says it better. Where two of a kind would then be called the same, all keep their names.
    """
    contract = scenario.contract
    groups, names = _titles(contract.groups, language), _titles(contract.fees, language)
    fees = [_referring(fee, groups, names) for fee in contract.fees]
    bid_on = scenario.procurement.bid_on
    return scenario.model_copy(
        update={
            "contract": contract.model_copy(
                update={
                    "fees": _renamed(fees, language),
                    "groups": _renamed(contract.groups, language),
                }
            ),
            "procurement": scenario.procurement.model_copy(
                update={"bid_on": names.get(bid_on, bid_on)}
            ),
            "providers": _renamed(scenario.providers, language),
        }
    )


def _referring(fee: Fee, groups: dict[str, str], names: dict[str, str]) -> Fee:
    """Return a fee that speaks of groups and of other fees by their titles."""
    update: dict[str, object] = {}
    if fee.by_group is not None:
        update["by_group"] = {groups.get(name, name): each for name, each in fee.by_group.items()}
    if fee.stops is not None:  # a name, or a kind of fee: kinds stay
        update["stops"] = [*fee.stops, *(names[name] for name in fee.stops if name in names)]
    return fee.model_copy(update=update)


def _renamed(items: Sequence[Named], language: str) -> list[Named]:
    titles = _titles(items, language)
    return [item.model_copy(update={"name": titles[item.name]}) for item in items]


def _titles(items: Sequence[Named], language: str) -> dict[str, str]:
    """Return the title, or else the name, by name."""
    titles = {item.name: _title(item.title, language) or item.name for item in items}
    shown = list(titles.values())
    if len(set(shown)) < len(shown):
        return {item.name: item.name for item in items}
    return titles


def _title(title: Text, language: str) -> str:
    return title.get(language) or title.get("", "")
