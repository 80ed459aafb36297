"""The entry point: from arguments to an exit code, with no traceback for anything a user does."""

# ruff: noqa: ARG002 - the arguments of methods are click's

from __future__ import annotations

import contextlib
import io
import os
import signal
import sys
import threading
from importlib import import_module
from typing import TYPE_CHECKING

import click

from labsim import __version__
from labsim.cli.common import BAD_INPUT
from labsim.cli.table import COMMANDS, module_of
from labsim.cli.usage import line_of, no_such_command
from labsim.words import LANGUAGES, Words

if TYPE_CHECKING:
    from collections.abc import Sequence

INTERRUPTED = 130


class Commands(click.Group):
    """Commands that are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the table."""
        return list(COMMANDS)

    def get_command(
        self,
        ctx: click.Context,
        cmd_name: str,
    ) -> click.Command | None:
        """Import a command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(module_of(cmd_name)).command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say which one was probably meant."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            words = Words(_language(args))
            raise click.UsageError(no_such_command(args[0], COMMANDS, words), ctx)
        return super().resolve_command(ctx, args)

    def format_commands(
        self,
        ctx: click.Context,
        formatter: click.HelpFormatter,
    ) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="labsim COMMAND --help explains each command with an example.",
)
@click.version_option(__version__, prog_name="labsim", message="%(prog)s %(version)s")
def labsim() -> None:
    """Compare ways of buying employment services, on one simulated labour market."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run labsim.

    Parameters
    ----------
    argv
        Arguments without the program's name; those of the process if left out.

    Returns
    -------
    int
        0 done, 1 a run failed, 2 bad input or usage, 130 interrupted.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    _never_fail_to_print()
    _end_politely()
    words = Words(_language(arguments))
    try:
        code = _run(arguments, words)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever reads the output has seen enough
        _close_quietly()
        return 0
    except OSError as error:  # a full disk behind the output
        _close_quietly()
        click.echo(words("cli.cannot_print", reason=error.strerror or str(error)), err=True)
        return 1
    return code


def _run(arguments: list[str], words: Words) -> int:
    from labsim.scenario.findings import BadInput

    stdout = sys.stdout
    try:
        result = labsim.main(args=arguments, prog_name="labsim", standalone_mode=False)
    except BadInput as error:
        for finding in error.findings:
            click.echo(finding.line_in(words), err=True)
        return BAD_INPUT
    except click.ClickException as error:
        if isinstance(error, click.exceptions.NoArgsIsHelpError):
            click.echo(error.format_message(), err=True)
        else:
            click.echo(line_of(error, words, _called(arguments)), err=True)
        return BAD_INPUT
    except (KeyboardInterrupt, click.Abort):
        click.echo(words("cli.interrupted"), err=True)
        return INTERRUPTED
    except SystemExit as end:  # click's answer to a closed pipe
        if sys.stdout is not stdout:
            raise BrokenPipeError from None
        return end.code if isinstance(end.code, int) else 1
    return result if isinstance(result, int) else 0


def _called(arguments: list[str]) -> str:
    """Return the command that a usage error is about, for errors that do not say."""
    return next((f"labsim {name}" for name in arguments[:1] if name in COMMANDS), "labsim")


def _language(arguments: list[str]) -> str:
    """Return the language asked for, before click has looked: its own errors need one too."""
    for place, argument in enumerate(arguments):
        name, equals, value = argument.partition("=")
        if name == "--lang":
            asked = value if equals else "".join(arguments[place + 1 : place + 2])
            return asked if asked in LANGUAGES else "en"
    return "en"


def _end_politely() -> None:
    """Treat a request to end, or a closed terminal, like Ctrl-C: nothing half-written stays."""

    def interrupt(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name) and threading.current_thread() is threading.main_thread():
            signal.signal(getattr(signal, name), interrupt)


def _never_fail_to_print() -> None:
    """Print to nowhere where output is closed, and replace letters that a terminal lacks."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, io.StringIO())
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            with contextlib.suppress(OSError, ValueError):
                reconfigure(errors="replace")


def _close_quietly() -> None:
    """Point stdout nowhere, so that Python does not complain again when it ends."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
