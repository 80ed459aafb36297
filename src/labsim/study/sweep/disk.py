"""Files that are whole or absent, also after a power cut."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Write a file aside, see it on disk, and give it its name."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with aside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except OSError:
        with suppress(OSError):
            aside.unlink()
        raise
    sync_folder(path.parent)


def sync_file(path: Path) -> None:
    """See a file on disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """See the names in a folder on disk, where the system lets one."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with suppress(OSError):  # some file systems of networks refuse
            os.fsync(number)
    finally:
        os.close(number)


def reason(error: OSError) -> str:
    """Say in a few words what the system says."""
    return os.strerror(error.errno) if error.errno else str(error)
