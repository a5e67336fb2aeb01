"""The marks in the tests: `@pytest.mark.req("S-51")`, and `sec`: found by reading the source, without running it."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from devtools.requirements.register import Requirement


@dataclass(frozen=True)
class Mark:
    requirement: str
    place: str


def find_marks(root: Path, kind: Literal["req", "sec"] = "req") -> dict[str, list[Mark]]:
    """Return the marks of all test files by requirement id."""
    found: dict[str, list[Mark]] = defaultdict(list)
    for path in sorted((root / "tests").rglob("*.py")):
        for mark in _marks_of(path, root, kind):
            found[mark.requirement].append(mark)
    return dict(found)


def complaints(register: dict[str, Requirement], marks: dict[str, list[Mark]]) -> list[str]:
    """Return what does not fit: marks of unknown ids, and requirements called done that no test holds."""
    unknown = [
        f"{mark.place}: {name} is not in the register" for name in marks.keys() - register for mark in marks[name]
    ]
    untested = [
        f"{name} is called done, and no test is marked with it"
        for name, requirement in register.items()
        if requirement.state == "done" and name not in marks
    ]
    return sorted(unknown) + untested


def _marks_of(path: Path, root: Path, kind: str) -> Iterator[Mark]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Attribute(attr="mark"), attr=attr),
                args=[ast.Constant(value=str() as name)],
            ) if attr == kind:
                yield Mark(name, f"{path.relative_to(root)}:{node.lineno}")
