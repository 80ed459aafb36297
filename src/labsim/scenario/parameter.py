"""The one declaration of a parameter: meaning, unit, limits, range, evidence.

Everything said about a parameter elsewhere - the defaults file, the JSON Schema, error messages,
the list of assumptions, and later the ranges that sweeps vary - is made from what is declared here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

Status = Literal["verified", "derived", "memory", "assumption"]
"""How well a value is known: read on a named page, computed from such, recalled, or assumed."""


class Section(BaseModel):
    """Base of every table of a file: unknown keys refused, no silent conversion, frozen."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, allow_inf_nan=False, hide_input_in_errors=True
    )


class Fault:
    """What is wrong with one key of a section.

    Parameters
    ----------
    key
        The key, dotted if it lies deeper; empty for the section itself.
    code
        Key of the text in ``strings/<language>/errors.toml``.
    values
        Fields of that text.
    """

    def __init__(self, key: str, code: str, **values: Any) -> None:
        self.key = key
        self.code = code
        self.values = values

    def __repr__(self) -> str:
        """Return the fault for developers."""
        return f"Fault({self.key!r}, {self.code!r}, {self.values!r})"


def printable(text: str) -> str:
    """Refuse names that would break a line, a table or a terminal."""
    if not text.isprintable() or text != text.strip():
        refuse([Fault("", "name_form")])
    return text


Name = Annotated[str, AfterValidator(printable)]
"""A name that a user gives."""


def param(  # noqa: PLR0913 - one declaration says everything
    default: Any,
    description: str,
    *,
    unit: str = "",
    ge: float | None = None,
    gt: float | None = None,
    le: float | None = None,
    lt: float | None = None,
    min_length: int | None = None,
    max_length: int | None = None,
    alias: str | None = None,
    plausible: tuple[float, float] | None = None,
    status: Status | None = None,
    source: str = "",
) -> Any:
    """Declare one parameter.

    Parameters
    ----------
    default
        Value used when no file sets the key; ``...`` makes the key required.
    description
        One line for people, without the unit.
    unit
        Unit in words, empty for pure numbers, names and switches.
    ge, gt, le, lt
        Hard limits: values outside are refused.
    min_length, max_length
        Hard limits on the length of texts and lists.
    alias
        Name in files where the Python name must differ.
    plausible
        Range that a sweep varies by default; inside the hard limits.
    status, source
        Evidence for the default. ``None`` marks a choice (a name, a seed), which needs none.
    """
    extra: dict[str, Any] = {
        "unit": unit,
        "plausible": list(plausible) if plausible else None,
        "status": status,
        "source": source,
    }
    kept = {key: value for key, value in extra.items() if value not in (None, "")}
    declare: Callable[..., Any] = Field  # its overloads are too many for the type checker
    return declare(
        default,
        description=description,
        ge=ge,
        gt=gt,
        le=le,
        lt=lt,
        min_length=min_length,
        max_length=max_length,
        alias=alias,
        json_schema_extra=kept,
    )


def table(kind: type[Section], description: str) -> Any:
    """Declare a nested table with the defaults of its own declaration."""
    return Field(default_factory=kind, description=description)


def refuse(faults: list[Fault]) -> None:
    """Raise all faults of a section at once; the loader turns each into a line of its own."""
    if faults:
        raise PydanticCustomError(
            "faults", "{count} faults", {"count": len(faults), "faults": faults}
        )


def shares_fault(shares: Section | dict[str, float]) -> list[Fault]:
    """Fault of shares that do not add up to 1 (tolerance 1e-6), if any."""
    values = shares.model_dump() if isinstance(shares, Section) else shares
    total = sum(values.values())
    if abs(total - 1.0) <= 1e-6:
        return []
    return [Fault("", "shares_sum", total=float(total))]
