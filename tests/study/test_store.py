"""Results on disk: whole or absent."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from labsim.study.store import CannotWrite, PeopleWriter, ResultFolder

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="symbolic links and modes of POSIX")


def results(folder: Path) -> Path:
    """Make a folder that labsim has written."""
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text('{"labsim": "0.1.0"}')
    return folder


def write(out, default, *, force=False, name="new.txt") -> Path:
    with ResultFolder(out, default, force=force) as folder:
        (folder.aside / name).write_text("x")
        return folder.publish()


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_folder_appears_whole(tmp_path):
    with ResultFolder(tmp_path / "out", tmp_path / "unused") as folder:
        (folder.aside / "a.txt").write_text("x")
        assert not (tmp_path / "out").exists()
        assert folder.publish() == tmp_path / "out"
    assert names(tmp_path) == ["out"]
    assert names(tmp_path / "out") == ["a.txt"]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_an_error_leaves_nothing(tmp_path, error):
    def fail():
        with ResultFolder(tmp_path / "out", tmp_path / "unused") as folder:
            (folder.aside / "a.txt").write_text("x")
            raise error

    with pytest.raises(error):
        fail()
    assert names(tmp_path) == []


def test_a_failing_replacement_leaves_the_old_results(tmp_path):
    old = results(tmp_path / "out")

    def fail():
        with ResultFolder(old, tmp_path / "unused", force=True):
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert names(tmp_path) == ["out"]
    assert names(old) == ["manifest.json"]


def test_a_folder_that_is_not_published_is_absent(tmp_path):
    with ResultFolder(None, tmp_path / "run"):
        pass
    assert names(tmp_path) == []


def test_numbered_folders(tmp_path):
    default = tmp_path / "results" / "focus"
    found = [write(None, default).name for _ in range(3)]
    assert found == ["focus", "focus-2", "focus-3"]
    (default.parent / "focus-2" / "new.txt").unlink()
    (default.parent / "focus-2").rmdir()
    assert write(None, default).name == "focus-2"  # the next free one


def test_a_file_in_the_way_counts_as_taken(tmp_path):
    (tmp_path / "focus").write_text("mine")
    assert write(None, tmp_path / "focus").name == "focus-2"
    assert (tmp_path / "focus").read_text() == "mine"


def test_numbers_go_to_whoever_is_first(tmp_path):
    with ResultFolder(None, tmp_path / "focus") as folder:
        (folder.aside / "a.txt").write_text("x")
        results(tmp_path / "focus")  # another run finishes meanwhile
        assert folder.publish().name == "focus-2"


@pytest.mark.parametrize("what", ["results", "empty", "full", "file"])
def test_an_existing_place_is_refused(tmp_path, what):
    out = tmp_path / "out"
    if what == "results":
        results(out)
    elif what == "file":
        out.write_text("mine")
    else:
        out.mkdir()
    if what == "full":
        (out / "mine.txt").write_text("mine")
    with pytest.raises(CannotWrite, match="--force"):
        ResultFolder(out, tmp_path / "unused")
    assert names(tmp_path) == ["out"]


def test_force_replaces_results(tmp_path):
    out = results(tmp_path / "out")
    assert write(out, tmp_path / "unused", force=True) == out
    assert names(out) == ["new.txt"]
    assert names(tmp_path) == ["out"]


def test_force_takes_an_empty_or_new_folder(tmp_path):
    (tmp_path / "empty").mkdir()
    assert write(tmp_path / "empty", tmp_path / "unused", force=True).is_dir()
    assert write(tmp_path / "new", tmp_path / "unused", force=True).is_dir()
    assert names(tmp_path) == ["empty", "new"]


@pytest.mark.parametrize("what", ["full", "file"])
def test_force_never_replaces_anything_else(tmp_path, what):
    out = tmp_path / "out"
    if what == "full":
        out.mkdir()
        (out / "thesis.docx").write_text("mine")
    else:
        out.write_text("mine")
    with pytest.raises(CannotWrite, match="not a folder of results"):
        ResultFolder(out, tmp_path / "unused", force=True)
    assert names(tmp_path) == ["out"]


def test_a_file_where_a_folder_must_be(tmp_path):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(CannotWrite, match="cannot be written"):
        ResultFolder(tmp_path / "file" / "out", tmp_path / "unused")


@POSIX
def test_a_place_that_cannot_be_written_to(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir()
    closed.chmod(0o500)
    try:
        if os.access(closed, os.W_OK):
            pytest.skip("this user may write everywhere")
        with pytest.raises(CannotWrite, match="cannot be written"):
            ResultFolder(closed / "out", tmp_path / "unused")
    finally:
        closed.chmod(0o700)


def test_a_name_that_is_too_long(tmp_path):
    with pytest.raises(CannotWrite):
        ResultFolder(tmp_path / ("n" * 300), tmp_path / "unused")


def test_a_place_that_is_taken_meanwhile(tmp_path):
    with ResultFolder(tmp_path / "out", tmp_path / "unused") as folder:
        (folder.aside / "a.txt").write_text("x")
        results(tmp_path / "out")
        with pytest.raises(CannotWrite, match="cannot be written"):
            folder.publish()
    assert names(tmp_path) == ["out"]
    assert names(tmp_path / "out") == ["manifest.json"]


@POSIX
def test_force_through_a_link(tmp_path):
    results(tmp_path / "real")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write(tmp_path / "link", tmp_path / "unused", force=True)
    assert names(tmp_path) == ["link", "real"]


@POSIX
def test_force_into_the_folder_one_is_in(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    try:
        write(Path(), tmp_path / "unused", force=True)
    except CannotWrite:
        return
    assert names(tmp_path) == ["new.txt"]


def test_people_are_written_part_by_part(tmp_path):
    writer = PeopleWriter(tmp_path / "people.parquet")
    parts = [pd.DataFrame({"person": [0, 1], "replication": number}) for number in range(3)]
    for part in parts:
        writer(part)
    writer.close()
    assert writer.rows == 6
    table = pq.read_table(tmp_path / "people.parquet").to_pandas()
    pd.testing.assert_frame_equal(table, pd.concat(parts, ignore_index=True))


def test_nobody_is_written_without_people(tmp_path):
    PeopleWriter(tmp_path / "people.parquet").close()
    assert names(tmp_path) == []


def test_tables_of_a_comparison(tmp_path):
    from types import SimpleNamespace

    from labsim.study.store import write_tables

    frame = pd.DataFrame({"design": ["a"], "cents": [5]})
    tables = dict.fromkeys(("runs", "weekly", "ledger", "summary"), frame)
    comparison = SimpleNamespace(**tables, manifest={"title": {"fi": "Työ"}, "seed": 2**62})
    write_tables(comparison, tmp_path)
    assert names(tmp_path) == [
        "ledger.parquet", "manifest.json", "runs.parquet", "summary.csv", "weekly.parquet"
    ]  # fmt: skip
    manifest = (tmp_path / "manifest.json").read_text(encoding="utf-8")
    assert json.loads(manifest) == comparison.manifest
    assert "Työ" in manifest
    assert pd.read_parquet(tmp_path / "ledger.parquet")["cents"].dtype == "int64"
    assert (tmp_path / "summary.csv").read_bytes() == b"design,cents\na,5\n"
