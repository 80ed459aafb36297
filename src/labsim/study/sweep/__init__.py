"""Sweeps: many points of an experiment, run anywhere, and resumed after anything.

A sweep is a plan of runs (`plan`), handed out in chunks (`engine`) to workers (`working`) that
write parts (`parts`); the parent alone writes down what is done (`journal`), and at the end lays
the parts together (`tables`).
"""
