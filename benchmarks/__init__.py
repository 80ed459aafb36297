"""Speed and memory, measured in one run with its spread: ``python -m benchmarks``."""
