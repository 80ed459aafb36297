"""Simulated pilots against what their evaluations reported.

`worlds` says what is simulated, `simulating` runs it, `registry` and `checks` say how each fact is
looked up in it, `verdict` holds the rule that judges, `validate` puts it together.
"""
