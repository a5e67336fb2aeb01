"""Tests of the whole system, started once for all of them."""
