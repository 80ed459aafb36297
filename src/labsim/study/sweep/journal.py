"""The journal of a sweep: one line of JSON for everything that is done, never changed afterwards.

The first line says what the sweep rests on. The journal appears with it, by rename, so a journal
without a first line does not exist. Only the parent writes, and a line counts once it is on disk;
what a kill leaves of a last line is cut off before anything is added.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from labsim.study.sweep.disk import sync_folder, write_whole

NAME = "journal.jsonl"
Entry = dict[str, Any]


class Journal:
    """The journal of a folder.

    Parameters
    ----------
    folder
        The sweep's folder.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        self._file: BinaryIO | None = None

    def create(self, header: Entry) -> None:
        """Begin a journal with what the sweep rests on."""
        write_whole(self.path, _line(header))

    def header(self) -> Entry | None:
        """Return the first line, or ``None`` if it is not the first line of a sweep's journal."""
        with self.path.open("rb") as file:
            return _read(file.readline())

    def entries(self) -> Iterator[Entry]:
        """Yield every entry after the header; what cannot be read is passed over."""
        with self.path.open("rb") as file:
            file.readline()
            for line in file:
                entry = _read(line)
                if entry is not None:
                    yield entry

    def append(self, entry: Entry) -> None:
        """Write down that something is done; it is on disk when this returns."""
        if self._file is None:
            self._mend()
            self._file = self.path.open("ab", buffering=0)
        try:
            left = memoryview(_line(entry))
            while left:  # a disk that is nearly full takes a part of a line
                left = left[self._file.write(left) :]
            os.fsync(self._file.fileno())
        except OSError:
            self.close()  # whoever tries again mends it first
            raise

    def size(self) -> int:
        """Return how long the journal is, in bytes."""
        return self.path.stat().st_size

    def close(self) -> None:
        """Stop writing."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _mend(self) -> None:
        """Cut off a torn last line."""
        with self.path.open("rb+") as file:
            end = file.seek(0, os.SEEK_END)
            whole = _end_of_last_line(file, end)
            if whole < end:
                file.truncate(whole)
                os.fsync(file.fileno())
        sync_folder(self.path.parent)


def _end_of_last_line(file: BinaryIO, end: int) -> int:
    block = 1 << 16
    while end > 0:
        begin = max(end - block, 0)
        file.seek(begin)
        at = file.read(end - begin).rfind(b"\n")
        if at >= 0:
            return begin + at + 1
        end = begin
    return 0


def _line(entry: Entry) -> bytes:
    return json.dumps(entry, separators=(",", ":"), allow_nan=False).encode() + b"\n"


def _read(line: bytes) -> Entry | None:
    if not line.endswith(b"\n"):
        return None
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None
