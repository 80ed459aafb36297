"""Parts: the rows of some runs, in a Parquet file of its own that never changes."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from labsim.study.sweep.disk import write_whole

FOLDER = "parts"


def new_name(number: int) -> str:
    """Return a name that no other part has, whoever else writes into the folder."""
    return f"{number:06d}-{secrets.token_hex(4)}.parquet"


def write(folder: Path, name: str, table: pa.Table) -> int:
    """Write a part, and return its size in bytes."""
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink)
    content = sink.getvalue().to_pybytes()
    write_whole(folder / FOLDER / name, content)
    return len(content)


def is_whole(folder: Path, name: str, size: int) -> bool:
    """Whether a part is there, as long as it was."""
    try:
        return (folder / FOLDER / name).stat().st_size == size
    except OSError:
        return False


def tidy(folder: Path, known: Collection[str]) -> None:
    """Remove what is not in the journal: it was written by somebody who did not live to tell."""
    for file in (folder / FOLDER).iterdir():
        if file.name not in known:
            with suppress(OSError):
                file.unlink()
