"""`./dev req`: what is still open."""

from rich.table import Table

from devtools.cli.console import console
from devtools.errors import ToldError
from devtools.requirements.marks import complaints, find_marks
from devtools.requirements.register import load
from devtools.requirements.statements import read_statements, security_complaints
from devtools.system.layout import ROOT


def show_open() -> None:
    """List what is under way, with the number of tests that already hold it."""
    register, marks = load(ROOT), find_marks(ROOT)
    still_open = {name: one for name, one in register.items() if one.state != "done"}
    table = Table("id", "part", "tests", "statement", box=None, pad_edge=False)
    for name, requirement in still_open.items():
        table.add_row(name, requirement.part, str(len(marks.get(name, []))), requirement.statement)
    if still_open:
        console.print(table)
    console.print(f"{len(register) - len(still_open)} of {len(register)} requirements are done.")


def check() -> None:
    """Compare register and marks, and the table of security statements with theirs.

    Raises:
        ToldError: A mark names an unknown id, or something is called done or tested without a test.
    """
    statements = security_complaints(read_statements(ROOT), find_marks(ROOT, "sec"))
    if found := [*complaints(load(ROOT), find_marks(ROOT)), *statements]:
        raise ToldError("\n".join(found))
