# ruff: noqa: E501, ISC004 - lines as a user reads them

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import labsim
from labsim.cli import main
from labsim.cli.table import COMMANDS, module_of

Run = Callable[..., tuple[int, str, str]]
SRC = Path(labsim.__file__).parents[1]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        out, err = capsys.readouterr()
        return code, out, err

    return run


def process(*arguments: str, folder: Path, **options: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(SRC), **options}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(run: Run, command: str) -> None:
    code, out, err = run(command, "--help")
    assert (code, err) == (0, "")
    assert f"labsim {command}" in out.partition("Example")[2]
    assert "--quiet" in out
    assert "--lang" in out
    assert module_of(command).endswith("_command")


def test_help_lists_every_command(run: Run) -> None:
    code, out, _ = run("--help")
    assert code == 0
    unwrapped = " ".join(out.split())
    assert all(f" {name} {line}" in unwrapped for name, line in COMMANDS.items())


def test_version(run: Run) -> None:
    assert run("--version") == (0, f"labsim {labsim.__version__}\n", "")


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["chek"], "there is no command 'chek'; did you mean 'check'? (see: labsim --help)"),
        (["zzzzz"], "there is no command 'zzzzz' (see: labsim --help)"),
        (["check"], "Missing argument 'FILE...' (see: labsim check --help)"),
        (
            ["check", "--orign", "x"],
            "there is no option --orign; did you mean --origin? (see: labsim check --help)",
        ),
        (["check", "--zzz", "x"], "there is no option --zzz (see: labsim check --help)"),
        (["schema", "extra"], "Got unexpected extra argument (extra) (see: labsim schema --help)"),
        (
            ["schema", "--lang", "de"],
            "Invalid value for '--lang': 'de' is not one of 'en', 'fi', 'sv' (see: labsim schema --help)",
        ),
        (["new", "a", "--from"], "Option '--from' requires an argument (see: labsim new --help)"),
    ],
)
def test_usage_errors_are_one_plain_line(run: Run, arguments: list[str], line: str) -> None:
    assert run(*arguments) == (2, "", line + "\n")


def test_no_arguments_show_the_help_and_are_an_error(run: Run) -> None:
    code, out, err = run()
    assert (code, out) == (2, "")
    assert "Commands:" in err


def test_check(run: Run, tmp_path: Path) -> None:
    (tmp_path / "good.toml").write_text("[run]\nweeks = 140\n", encoding="utf-8")
    (tmp_path / "bad.toml").write_text("[run]\nweeks = 0\nseed = -1\n", encoding="utf-8")
    assert run("check", "good.toml") == (0, "ok\n", "")
    assert run("check", "good.toml", "--quiet") == (0, "", "")
    code, out, err = run("check", "bad.toml", "good.toml", "nothing.toml")
    assert (code, out) == (2, "good.toml: ok\n")
    assert err.split("\n") == [
        "bad.toml:2: run.weeks: must be 1 or more (got 0)",
        "bad.toml:3: run.seed: must be 0 or more (got -1)",
        "nothing.toml: no such file",
        "",
    ]


def test_check_warns_and_says_ok(run: Run, tmp_path: Path) -> None:
    (tmp_path / "short.toml").write_text("[run]\nweeks = 50\n", encoding="utf-8")
    code, out, err = run("check", "short.toml")
    assert (code, out) == (0, "ok\n")
    assert err.startswith("short.toml:2: warning: run.weeks: the run ends in week 50")


def test_check_warns_of_a_budget_under_the_expected_spend(run: Run, tmp_path: Path) -> None:
    fee = '[[contract.fees]]\nname = "s"\non = "start"\neur = 1000.0\n'
    file = tmp_path / "poor.toml"
    file.write_text(f"[contract]\nbudget_eur = 5000\n{fee}[referral]\nvolume = 100\n", "utf-8")
    code, out, err = run("check", "poor.toml")
    assert (code, out) == (0, "ok\n")
    found = re.search(
        r"^poor.toml:2: warning: contract.budget_eur: is 5000 EUR, under the ([\d,]+) EUR that 100 "
        r"referrals are expected to cost: referral stops after (\d+) people$", err, re.MULTILINE,
    )  # fmt: skip
    assert found is not None, err
    spend, most = (int(number.replace(",", "")) for number in found.groups())
    assert most == 5000 * 100 // spend
    enough = f"[contract]\nbudget_eur = {spend + 1}\n{fee}[referral]\nvolume = 100\n"
    file.write_text(enough, encoding="utf-8")
    assert "budget" not in run("check", "poor.toml")[2]


def test_check_of_designs(run: Run, tmp_path: Path) -> None:
    assert run("check", "mixed") == (0, "ok\n", "")
    file = tmp_path / "designs" / "d.toml"
    file.parent.mkdir()
    file.write_text("[run]\nweeks = 140\n", encoding="utf-8")
    code, _, err = run("check", "designs/d.toml")
    assert code == 2
    assert err.startswith("designs/d.toml:1: run: a design may not change this")


def test_check_shows_origins(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(
        'title = "A\\u00e4"\n[referral]\nvolume = 7\n'
        '[[contract.fees]]\nname = "sustained job"\non = "start"\neur = 3\n'
        '[sources]\nreferral.volume = "verified: page 3"\n',
        encoding="utf-8",
    )
    code, out, err = run("check", "--origin", "mine.toml")
    assert (code, err) == (0, "")
    lines = out.split("\n")
    assert "referral.volume = 7  # mine.toml:3; verified: page 3" in lines
    assert 'contract.fees."sustained job".eur = 3.0  # mine.toml:7; assumption' in lines
    assert any(
        line.startswith("run.weeks = 130  # scenarios/defaults/finland.toml:") for line in lines
    )


def test_new_then_check(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("new", "mine", "--from", "focus-tyopolut")
    assert (code, out) == (0, "wrote mine.toml; next: labsim check mine.toml\n")
    assert run("check", "mine.toml") == (0, "ok\n", "")
    assert run("new", "mine") == (2, "", "mine.toml: exists already; choose another name\n")
    assert run("new", "other", "--from", "focs-tyopolut") == (
        2,
        "",
        "focs-tyopolut: no file and no shipped scenario is called 'focs-tyopolut';"
        " did you mean 'focus-tyopolut'?\n",
    )
    assert run("new", "third", "--quiet") == (0, "", "")


def test_a_starter_shows_how_the_scenario_is_bought(run: Run, tmp_path: Path) -> None:
    run("new", "mine", "--from", "pohjois-savo-haastekilpailu")
    text = (tmp_path / "mine.toml").read_text(encoding="utf-8")
    shown = re.sub("^# (?=\\w+ = )", "", text.partition("# [[")[0], flags=re.MULTILINE)
    for line in ("[procurement]", 'procedure = "challenge"', "shortlist = 10", "budget_eur = 2"):
        assert f"\n{line}" in shown
    (tmp_path / "mine.toml").write_text(shown, encoding="utf-8")
    assert run("check", "mine.toml")[0] == 0


def test_schema(run: Run) -> None:
    code, out, err = run("schema", "--lang", "fi")
    assert (code, err) == (0, "")
    assert json.loads(out)["title"] == "labsim scenario"


def test_ctrl_c(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*arguments: object, **options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("labsim.scenario.editors.json_schema", interrupted)
    code, _, err = run("schema")
    assert code == 130
    assert err.strip() == "interrupted"


def test_terminals_that_lack_letters(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.toml").write_text('title = "\u041a\u5c71 \u20ac"\n', encoding="utf-8")
    terminal = io.TextIOWrapper(io.BytesIO(), encoding="cp1252", write_through=True)
    monkeypatch.setattr(sys, "stdout", terminal)
    assert main(["check", "--origin", "mine.toml"]) == 0
    assert b'title = "?? \x80"' in terminal.buffer.getvalue()  # type: ignore[attr-defined]


def test_reader_that_leaves_early(tmp_path: Path) -> None:
    script = (
        "import os, sys\n"
        "from labsim.cli import main\n"
        "reading, writing = os.pipe()\n"
        "os.close(reading)\n"
        "os.dup2(writing, 1)\n"
        "sys.exit(main(['check', '--origin', 'finland']))\n"
    )
    done = process("-c", script, folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


def test_help_and_package_import_nothing_heavy(tmp_path: Path) -> None:
    script = (
        "import sys, labsim, labsim.scenario\n"
        "from labsim.cli import main\n"
        "assert main(['--help']) == 0\n"
        "heavy = {'mesa', 'numpy', 'pandas', 'pydantic', 'seaborn', 'scipy', 'matplotlib'}\n"
        "sys.exit(', '.join(heavy & set(sys.modules)) or None)\n"
    )
    done = process("-c", script, folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


def test_module_can_be_run_and_ignores_the_locale(tmp_path: Path) -> None:
    done = process(
        "-m", "labsim", "check", "no.toml", folder=tmp_path, LANG="fi_FI", LC_ALL="fi_FI"
    )
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "no.toml: no such file\n")
    assert list(tmp_path.iterdir()) == []
