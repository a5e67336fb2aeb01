"""Benchmarks: `./dev bench NAME` runs `NAME.py`. They assert nothing; tests never depend on them."""
