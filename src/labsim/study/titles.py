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
    groups = _titles(contract.groups, language)
    fees = [_priced(fee, groups) for fee in contract.fees]
    renamed = contract.model_copy(
        update={"fees": _renamed(fees, language), "groups": _renamed(contract.groups, language)}
    )
    titles = _titles(contract.fees, language)
    bid_on = scenario.procurement.bid_on
    procurement = scenario.procurement.model_copy(update={"bid_on": titles.get(bid_on, bid_on)})
    providers = _renamed(scenario.providers, language)
    return scenario.model_copy(
        update={"contract": renamed, "providers": providers, "procurement": procurement}
    )


def _priced(fee: Fee, groups: dict[str, str]) -> Fee:
    """Return a fee whose factors go by the titles of the groups."""
    if fee.by_group is None:
        return fee
    factors = {groups.get(name, name): factor for name, factor in fee.by_group.items()}
    return fee.model_copy(update={"by_group": factors})


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
