"""All agents of a model: registered ones as Mesa keeps them, jobseekers in columns.

Combine as ``class LabourMarket(ColumnarAgents, mesa.Model)`` and give the model an attribute or
property ``jobseekers``, a `JobseekerSet` of those who have arrived. ``model.agents`` is then an
`AllAgents`, ``model.agents_by_type[Jobseeker]`` the jobseekers, and DataCollector works: model
reporters fast, agent reporters slowly, because Mesa calls Python for every agent.

After a run, ``release(model)`` gives its memory back.
"""

from __future__ import annotations

import math
from collections import defaultdict
from itertools import chain, islice
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Literal
from weakref import ref

import mesa

from labsim.market.jobseekerset import JobseekerSet, Missing
from labsim.market.unregistered import GroupBy, Unregistered, at_most_of, random_of
from labsim.market.views import FIRST_JOBSEEKER_ID, Jobseeker, refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from random import Random

__all__ = [
    "FIRST_JOBSEEKER_ID",
    "AllAgents",
    "ColumnarAgents",
    "Jobseeker",
    "JobseekerSet",
    "release",
]


class AllAgents(Unregistered):
    """Everybody in a model: registered agents first, then jobseekers.

    Read-only: nobody can be added or removed here, and ``inplace`` changes this union, not the
    model, whose ``agents`` is a new union each time.

    Parameters
    ----------
    agents
        Registered agents: the model's own set, which is followed as it changes, or an iterable,
        whose jobseekers may stand anywhere.
    random
        Generator for shuffles; that of the agents' model when left out.
    jobseekers
        The people in columns.
    """

    def __init__(
        self,
        agents: Iterable[Any],
        random: Random | None = None,
        jobseekers: JobseekerSet | None = None,
    ) -> None:
        registry = agents if hasattr(agents, "do") else _Mixed(agents)
        self._parts: list[Any] = [registry] if jobseekers is None else [registry, jobseekers]
        self.random = random or random_of(next(iter(self), None))

    def __len__(self) -> int:
        return sum(map(len, self._parts))

    def __iter__(self) -> Iterator[Any]:
        for part in self._parts:
            if isinstance(part, JobseekerSet | _Mixed):
                yield from part
            else:
                # Agents may leave while others act, so walk over a copy and skip who has left.
                yield from (agent for agent in tuple(part) if agent in part)

    def __contains__(self, agent: object) -> bool:
        return any(agent in part for part in self._parts)

    def __getitem__(self, item: int | slice) -> Any:
        return self.to_list()[item]

    def get(
        self,
        attr_names: str | list[str],
        handle_missing: Missing = "error",
        default_value: Any = None,
    ) -> list[Any]:
        """List an attribute of each agent; several names give a list per agent, as in Mesa."""
        if handle_missing not in ("error", "default"):
            raise ValueError(f"handle_missing is 'error' or 'default', not {handle_missing!r}")
        if not isinstance(attr_names, str):
            columns = [self.get(name, handle_missing, default_value) for name in attr_names]
            return [list(values) for values in zip(*columns, strict=True)]
        default = () if handle_missing == "error" else (default_value,)
        found: list[Any] = []
        for part in self._parts:
            if isinstance(part, JobseekerSet):
                found += part.get(attr_names, handle_missing, default_value).tolist()
            else:
                found += [getattr(agent, attr_names, *default) for agent in part]
        return found

    def set(self, attr_name: str, value: Any) -> AllAgents:
        """Set an attribute of every agent to one value; jobseekers must have that column."""
        # Jobseekers first: they refuse what they cannot hold before any other agent is changed.
        for part in reversed(self._parts):
            if isinstance(part, JobseekerSet):
                part.set(attr_name, value)
            else:
                for agent in part:
                    setattr(agent, attr_name, value)
        return self

    def select(
        self,
        filter_func: Callable[[Any], bool] | None = None,
        at_most: float = math.inf,
        inplace: bool = False,
        agent_type: type | None = None,
    ) -> AllAgents:
        """Select agents by a function of the agent, by number and by type, as in Mesa."""
        room = at_most_of(at_most, len(self))
        chosen: list[Any] = []
        for part in self._parts:
            if isinstance(part, JobseekerSet):
                chosen.append(part.select(filter_func, room, agent_type=agent_type))
            else:
                fit = (agent for agent in part if _fits(agent, filter_func, agent_type))
                chosen.append(_Mixed(islice(fit, room)))
            room -= len(chosen[-1])
        return self._take(chosen, inplace)

    def shuffle(self, inplace: bool = False) -> AllAgents:
        """Shuffle registered agents and jobseekers together."""
        agents = list(self)
        self.random.shuffle(agents)
        return self._take([_Mixed(agents)], inplace)

    def sort(
        self, key: Callable[[Any], Any] | str, ascending: bool = False, inplace: bool = False
    ) -> AllAgents:
        """Sort registered agents and jobseekers together; equals keep their order."""
        by = attrgetter(key) if isinstance(key, str) else key
        return self._take([_Mixed(sorted(self, key=by, reverse=not ascending))], inplace)

    def groupby(
        self,
        by: Callable[[Any], Any] | str,
        result_type: Literal["agentset", "list"] = "agentset",
    ) -> GroupBy:
        """Group by an attribute or a function of the agent, in order of appearance."""
        groups: dict[Any, list[Any]] = defaultdict(list)
        for part in self._parts:
            for key, group in _grouped(part, by).items():
                groups[key].append(group)
        if result_type == "agentset":
            return GroupBy({key: self._take(parts) for key, parts in groups.items()})
        return GroupBy({key: list(chain.from_iterable(parts)) for key, parts in groups.items()})

    def copy(self) -> AllAgents:
        """Copy the membership and its order as it is now; the agents are the same."""
        return self.select()

    def __getstate__(self) -> dict[str, Any]:
        return dict(self.__dict__)

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)

    def _update(self, agents: Iterable[Any]) -> AllAgents:
        return self._take([_Mixed(agents)], inplace=True)

    def _take(self, parts: list[Any], inplace: bool = False) -> AllAgents:
        chosen = self if inplace else AllAgents((), self.random)
        chosen._parts = parts
        return chosen


class _Mixed:
    """Agents in any order: registered ones held weakly, as Mesa does, views held strongly."""

    def __init__(self, agents: Iterable[Any]) -> None:
        self._held = dict.fromkeys(
            agent if isinstance(agent, Jobseeker) else ref(agent) for agent in agents
        )

    def __iter__(self) -> Iterator[Any]:
        for held in self._held:
            agent = held() if isinstance(held, ref) else held
            if agent is not None:
                yield agent

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, agent: object) -> bool:
        return (agent if isinstance(agent, Jobseeker) else ref(agent)) in self._held

    def __reduce__(self) -> tuple[type[_Mixed], tuple[list[Any]]]:
        return _Mixed, (list(self),)


def _fits(agent: Any, filter_func: Callable[[Any], bool] | None, agent_type: type | None) -> bool:
    return (filter_func is None or filter_func(agent)) and (
        agent_type is None or isinstance(agent, agent_type)
    )


def _grouped(part: Any, by: Callable[[Any], Any] | str) -> dict[Any, Any]:
    if isinstance(part, JobseekerSet):
        return part.groupby(by).groups  # type: ignore[no-any-return]
    key_of = attrgetter(by) if isinstance(by, str) else by
    found = defaultdict(list)
    for agent in part:
        found[key_of(agent)].append(agent)
    return {key: _Mixed(agents) for key, agents in found.items()}


class ColumnarAgents(mesa.Model):  # type: ignore[misc, unused-ignore]
    """A Mesa model with jobseekers in columns beside its registered agents.

    The model needs an attribute or property ``jobseekers``, a `JobseekerSet`; until it is there,
    only registered agents are seen.
    """

    _people_removed = False

    @property
    def agents(self) -> AllAgents:
        """Registered agents, then jobseekers."""
        return AllAgents(super().agents, self.random, self._people)

    @property
    def agents_by_type(self) -> dict[type, Any]:
        """Sets of agents by class, jobseekers last."""
        by_type = dict(super().agents_by_type)
        people = self._people
        return by_type if people is None else {**by_type, Jobseeker: people}

    @property
    def agent_types(self) -> list[type]:
        """Classes of agents, `Jobseeker` last."""
        return list(self.agents_by_type)

    @property
    def _people(self) -> JobseekerSet | None:
        people: JobseekerSet | None = getattr(self, "jobseekers", None)
        if people is not None and self._people_removed:
            return people.select(at_most=0)
        return people

    def deregister_agent(self, agent: Any) -> None:
        """Forget a registered agent; jobseekers are refused, because they leave by state."""
        if isinstance(agent, Jobseeker):
            raise refusal("removed")
        super().deregister_agent(agent)

    def remove_all_agents(self) -> None:
        """Remove registered agents, and keep jobseekers out of ``agents`` from now on.

        The columns, and ``jobseekers``, stay as they are.
        """
        super().remove_all_agents()
        self._people_removed = True


def release(model: mesa.Model) -> None:
    """Free a model that is no longer needed; what was wanted of it must have been taken before.

    Mesa 3.3.1 keeps every model for ever as a key of ``Agent._ids`` (mesa/mesa#3179), and a model
    and its ``step`` refer to each other in every version, so that only the cycle collector would
    free it. Emptied, it goes at once. Afterwards the object is an empty shell.
    """
    ids = getattr(mesa.Agent, "_ids", None)
    if ids is not None:
        ids.pop(model, None)
    vars(model).clear()
