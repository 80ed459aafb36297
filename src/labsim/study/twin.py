"""The name of the twin."""

TWIN = "no-service"
"""Name of the run without the service, in tables that have rows for it; no design may have it."""
