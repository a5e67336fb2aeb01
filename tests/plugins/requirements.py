"""Marks are checked while tests are collected, and counted when they have run."""

import re
from typing import cast

import pytest
from devtools.errors import ToldError
from devtools.requirements.register import load

_SECURITY_ID = re.compile(r"[A-Z]+-?\d{1,2}")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Refuse marks that name nothing: a mistyped id would silently prove nothing."""
    try:
        register = load(config.rootpath)
    except ToldError as error:
        raise pytest.UsageError(str(error)) from error
    for item in items:
        for name in _ids(item, "req"):
            if name not in register:
                raise pytest.UsageError(f"{item.nodeid}: requirement {name} is not in docs/requirements.toml")
        for name in _ids(item, "sec"):
            if not _SECURITY_ID.fullmatch(name):
                raise pytest.UsageError(f"{item.nodeid}: {name} is not the id of a security statement")
        item.user_properties.append(("requirements", _ids(item, "req")))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say how many requirements the passed tests hold; one with a failed test is not held."""
    stats = terminalreporter.stats
    passed = _requirements(stats.get("passed", []))
    failed = _requirements([*stats.get("failed", []), *stats.get("error", [])])
    register = load(config.rootpath)
    terminalreporter.write_line(
        f"requirements: {len(passed - failed)} of {len(register)} in the register held by the tests of this run"
    )
    if failed:
        terminalreporter.write_line(f"requirements broken: {', '.join(sorted(failed))}", red=True)


def _requirements(reports: list[pytest.TestReport | pytest.CollectReport]) -> set[str]:
    # A module that could not be imported is an error without tests, and so without marks.
    tests = (report for report in reports if isinstance(report, pytest.TestReport))
    properties = (pair for report in tests for pair in report.user_properties)
    return {str(name) for key, names in properties if key == "requirements" for name in cast("list[str]", names)}


def _ids(item: pytest.Item, mark: str) -> list[str]:
    found = []
    for marker in item.iter_markers(mark):
        if len(marker.args) != 1 or not isinstance(marker.args[0], str):
            raise pytest.UsageError(f"{item.nodeid}: @pytest.mark.{mark} takes one id")
        found.append(marker.args[0])
    return found
