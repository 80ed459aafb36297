"""What a sweep rests on, and what has changed of it since it was begun."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from labsim.study.sweep.version import code_version

Header = dict[str, Any]
LONGEST = 100
MOST = 20
NOTHING = "-"


def header(name: str, inputs: dict[str, Any]) -> Header:
    """Return the first line of a journal: inputs, code, and the key of both.

    A run is known by this key and its design, point and replication.
    """
    rests_on = {"inputs": json.loads(json.dumps(inputs)), "code": code_version()}
    text = json.dumps(rests_on, sort_keys=True, separators=(",", ":"))
    return {"sweep": name, "key": hashlib.sha256(text.encode()).hexdigest(), **rests_on}


def changes(old: Header, new: Header) -> list[str]:
    """Return what differs between two headers, ``key: old -> new``, a line each."""
    before = dict(_leaves({"code": old.get("code"), **_inputs(old)}, ""))
    after = dict(_leaves({"code": new.get("code"), **_inputs(new)}, ""))
    keys = [key for key in {**before, **after} if before.get(key, ...) != after.get(key, ...)]
    lines = [f"  {key}: {_said(before, key)} -> {_said(after, key)}" for key in keys]
    more = [f"  ... ({len(lines) - MOST})"] if len(lines) > MOST else []
    return lines[:MOST] + more


def _inputs(header: Header) -> dict[str, Any]:
    inputs = header.get("inputs")
    return inputs if isinstance(inputs, dict) else {}


def _leaves(value: Any, at: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from _leaves(item, f"{at}.{key}" if at else str(key))
    elif isinstance(value, list) and any(isinstance(item, dict | list) for item in value):
        for place, item in enumerate(value):
            named = item.get("name") if isinstance(item, dict) else None
            yield from _leaves(item, f"{at}.{named or place}")
    else:
        yield at, value


def _said(values: dict[str, Any], key: str) -> str:
    if key not in values:
        return NOTHING
    text = json.dumps(values[key], ensure_ascii=False)
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."
