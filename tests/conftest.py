"""What all tests share: hypothesis without deadlines, since no test measures time."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("labsim", deadline=None, derandomize=True)
settings.load_profile("labsim")
