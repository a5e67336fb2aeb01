from pathlib import Path

import pytest
from devtools.errors import ToldError
from devtools.requirements.marks import complaints, find_marks
from devtools.requirements.register import Requirement, load
from devtools.system.layout import ROOT

DONE = Requirement(state="done", part="auth", statement="One device at a time.")
UNDER_WAY = Requirement(state="under_way", part="auth", statement="One device at a time.")


def _write_test(root: Path, text: str) -> None:
    (root / "tests").mkdir(exist_ok=True)
    (root / "tests" / "test_it.py").write_text(text, encoding="utf-8")


def test_a_mark_is_found_with_its_place(tmp_path: Path) -> None:
    _write_test(tmp_path, 'import pytest\n\n@pytest.mark.req("S-48")\ndef test_it(): ...\n')
    (mark,) = find_marks(tmp_path)["S-48"]
    assert mark.place == "tests/test_it.py:3"


def test_a_mark_on_a_module_or_a_parameter_is_found_too(tmp_path: Path) -> None:
    _write_test(
        tmp_path,
        'import pytest\npytestmark = pytest.mark.req("S-48")\nx = pytest.param(1, marks=pytest.mark.req("S-49"))\n',
    )
    assert set(find_marks(tmp_path)) == {"S-48", "S-49"}


def test_a_done_requirement_without_a_test_is_a_complaint() -> None:
    assert complaints({"S-48": DONE}, {}) == ["S-48 is called done, and no test is marked with it"]
    assert complaints({"S-48": UNDER_WAY}, {}) == []


def test_an_unknown_id_is_a_complaint_with_its_place(tmp_path: Path) -> None:
    _write_test(tmp_path, 'import pytest\n\n@pytest.mark.req("S-99")\ndef test_it(): ...\n')
    assert complaints({"S-48": UNDER_WAY}, find_marks(tmp_path)) == ["tests/test_it.py:3: S-99 is not in the register"]


@pytest.mark.parametrize(
    "text",
    [
        "[S-48]\nstate = 'finished'\npart = 'auth'\nstatement = 'One device.'\n",
        "[X-1]\nstate = 'done'\npart = 'auth'\nstatement = 'One device at a time.'\n",
        "[S-48]\nstate = 'done'\npart = 'auth'\n",
        "not toml at all",
    ],
)
def test_a_malformed_register_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "requirements.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ToldError, match=r"requirements\.toml"):
        load(tmp_path)


def test_register_and_marks_of_this_tree_fit() -> None:
    assert complaints(load(ROOT), find_marks(ROOT)) == []
