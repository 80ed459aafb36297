"""One sweep at a time in a folder; a killed one leaves nothing behind."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from labsim.study.sweep.faults import SweepStopped

NAME = ".lock"


@contextmanager
def locked(folder: Path, token: str) -> Iterator[None]:
    """Hold a folder: the system lets go of it when the process ends, however it ends.

    Parameters
    ----------
    folder
        The sweep's folder.
    token
        Written into the lock, so that workers can see that they look at the same folder.

    Raises
    ------
    SweepStopped
        If another process holds it.
    """
    with (folder / NAME).open("a+", encoding="ascii") as file:
        if not _taken(file.fileno()):
            raise SweepStopped("locked", folder=str(folder))
        file.truncate(0)
        file.write(token)
        file.flush()
        yield


def held_by(folder: Path, token: str) -> bool:
    """Whether a folder is there, and held by the sweep with a token."""
    try:
        return (folder / NAME).read_text(encoding="ascii") == token
    except OSError:
        return False


def _taken(number: int) -> bool:
    """Whether the lock could be taken; yes where the file system knows no locks."""
    if os.name == "nt":
        return _taken_on_windows(number)
    import fcntl

    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def _taken_on_windows(number: int) -> bool:
    import importlib

    msvcrt = importlib.import_module("msvcrt")
    try:
        os.lseek(number, _FAR, os.SEEK_SET)  # beyond the token, which others may read
        msvcrt.locking(number, msvcrt.LK_NBLCK, 1)
    except OSError:
        return False
    os.lseek(number, 0, os.SEEK_SET)
    return True


_FAR = 1_000_000
