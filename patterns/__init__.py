"""What the model must bring about unforced: each pattern as a small experiment with a verdict.

`python -m patterns` runs them and writes `docs/patterns.md` with a chart of each; the tests run the
same experiments, which are listed in `patterns.catalogue`.
"""
