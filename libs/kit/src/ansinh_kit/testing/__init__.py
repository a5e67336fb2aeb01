"""Helpers for the tests of services: given/when/then, fixed clock, contract suites. Never imported by services."""
