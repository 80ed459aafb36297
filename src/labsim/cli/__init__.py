"""The commands: ``labsim COMMAND``. Parse, call, print; everything heavy is imported inside."""

from __future__ import annotations

from labsim.cli.main import main

__all__ = ["main"]
