"""labsim: an agent-based simulation of purchased employment services."""

from __future__ import annotations

__version__ = "0.1.0"
