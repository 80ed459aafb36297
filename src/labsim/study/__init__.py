"""Comparing: replications of designs over the same people and luck."""
