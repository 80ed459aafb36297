"""``python -m labsim``."""

from __future__ import annotations

import sys

from labsim.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
