"""The tables of a scenario file, one module each."""
