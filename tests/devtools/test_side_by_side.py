"""How a run of the tests is divided among processes."""

import pytest

from tests.plugins.side_by_side import place


@pytest.mark.parametrize("folder", ["e2e", "faults", "system"])
def test_what_needs_the_whole_system_stays_together(folder: str) -> None:
    assert place(f"tests/{folder}/test_one.py::test_a") == place("tests/system/test_two.py::test_b[x]")


def test_files_of_parts_are_apart_and_whole() -> None:
    a, b = "tests/kit/test_one.py::test_a", "tests/kit/test_one.py::Suite::test_b"
    assert place(a) == place(b) != place("tests/kit/test_two.py::test_a")
