"""`./dev generate`."""

from pathlib import Path

from rich.progress import Progress

from devtools.cli.console import console, done
from devtools.errors import ToldError
from devtools.population.files import Form, Population, write_population
from devtools.population.months import MonthNumber


def run(*, people: int, seed: int, out: Path, until: str, form: Form, packed: bool) -> None:
    """Write the files of a made-up population and say what is in them."""
    population = Population(people=people, seed=seed, until=_month(until))
    with Progress(console=console, transient=True) as shown:
        task = shown.add_task("people", total=people)
        written = write_population(
            population, out, form=form, packed=packed, progress=lambda count: shown.update(task, completed=count)
        )
    for file in written:
        done(f"{file.path}  {file.rows:,} rows")


def _month(label: str) -> MonthNumber:
    month, _, year = label.partition("/")
    if not (month.isdecimal() and year.isdecimal() and 1 <= int(month) <= 12 and 2000 <= int(year) <= 2100):  # noqa: PLR2004 - as the message says
        raise ToldError("--until is a month written MM/yyyy, from 01/2000 to 12/2100")
    return int(year) * 12 + int(month) - 1
