"""The commands and what each does, known without importing any of them.

A new command is a module ``labsim/cli/<name>_command.py`` with a click command called ``command``,
and a row here.
"""

from __future__ import annotations

COMMANDS: dict[str, str] = {
    "new": "Write a commented starter scenario.",
    "check": "Check scenario and experiment files: ok, or every error.",
    "explain": "Put a contract into plain words, with worked examples.",
    "run": "Simulate one scenario and its twin without the service.",
    "compare": "Compare designs over the same people and the same luck.",
    "sweep": "Run an experiment: many points, each under every design, on any number of machines.",
    "trace": "Tell one simulated jobseeker's story, with every euro, beside the twin's.",
    "validate": "Compare simulated pilots with what their evaluations reported.",
    "schema": "Print the JSON Schema of scenario files, for editors.",
}
"""Name and one line of help, in the order of ``labsim --help``."""


def module_of(name: str) -> str:
    """Return the module that holds a command."""
    return f"labsim.cli.{name.replace('-', '_')}_command"
