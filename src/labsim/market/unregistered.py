"""What sets of agents have in common whose members Mesa does not store."""

from __future__ import annotations

import math
from operator import methodcaller
from random import Random
from typing import TYPE_CHECKING, Any, NoReturn, Self

from labsim.market.views import refusal

try:
    from mesa.agentset import AgentSet, GroupBy  # Mesa 3.5 and later
except ImportError:
    from mesa.agent import AgentSet, GroupBy

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["AgentSet", "GroupBy", "Unregistered", "at_most_of", "random_of"]


class Unregistered(AgentSet):  # type: ignore[misc, unused-ignore]
    """Verbs that need only iteration, for sets whose members Mesa does not store."""

    random: Random

    @property
    def _agents(self) -> dict[Any, None]:
        # What inherited code, also of a coming Mesa, expects; slow but right.
        return dict.fromkeys(self)

    def to_list(self) -> list[Any]:
        """List the members."""
        return list(self)

    def do(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> Self:
        """Call a method, or a function of the agent, for each member in order."""
        call = _caller(method, args, kwargs)
        for agent in self:
            call(agent)
        return self

    def map(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> list[Any]:
        """Call a method, or a function of the agent, for each member and list the results."""
        call = _caller(method, args, kwargs)
        return [call(agent) for agent in self]

    def shuffle_do(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> Self:
        """Call a method or function for each member in random order; the set keeps its order."""
        call = _caller(method, args, kwargs)
        agents = list(self)
        self.random.shuffle(agents)
        for agent in agents:
            if agent in self:  # an earlier call may have removed it
                call(agent)
        return self

    def __copy__(self) -> Self:
        return self.copy()

    def copy(self) -> Self:
        """Copy the membership and its order; the agents are the same."""
        raise NotImplementedError

    def add(self, agent: Any) -> NoReturn:  # noqa: ARG002
        """Refuse."""
        raise refusal("added")

    def discard(self, agent: Any) -> NoReturn:  # noqa: ARG002
        """Refuse."""
        raise refusal("removed")

    def remove(self, agent: Any) -> NoReturn:  # noqa: ARG002
        """Refuse."""
        raise refusal("removed")


def _caller(
    method: str | Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Callable[[Any], Any]:
    """Make a function of one agent from what Mesa's verbs accept: a method's name or a function."""
    if isinstance(method, str):
        return methodcaller(method, *args, **kwargs)
    return lambda agent: method(agent, *args, **kwargs)


def at_most_of(at_most: float, size: int) -> int:
    """Turn Mesa's ``at_most`` into a number: floats up to 1 are shares, rounded down."""
    share = at_most <= 1 and isinstance(at_most, float)
    return max(0, int(size * at_most) if share else math.ceil(min(at_most, size)))


def random_of(owner: Any) -> Random:
    """Give the generator of a model or agent; a set of nobody has none, and nothing to shuffle."""
    return Random(0) if owner is None else owner.random  # noqa: S311 - never drawn from
