"""Writing a population to bulk files, a person at a time: a million people take no more memory than one."""

import csv
import gzip
import io
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, Literal, TextIO, cast

from devtools.population.months import MonthNumber
from devtools.population.rows import ROWS, Life, Row, life_of

Form = Literal["csv", "jsonl"]
_TELL_EVERY: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """What is to be made: the same values always make the same files, byte for byte."""

    people: int
    seed: int
    until: MonthNumber

    def lives(self) -> Iterator[Life]:
        return (life_of(index, seed=self.seed, until=self.until) for index in range(self.people))


@dataclass(frozen=True, slots=True)
class Written:
    path: Path
    rows: int


def write_population(
    population: Population, folder: Path, *, form: Form, packed: bool, progress: Callable[[int], None]
) -> list[Written]:
    """Write one file per kind into `folder`; `progress` is told now and then how many people are done."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = {name: folder / f"{name}.{form}{'.gz' if packed else ''}" for name in ROWS}
    with ExitStack() as stack:
        writers = {name: _Writer(stack.enter_context(_open(path, packed=packed)), form) for name, path in paths.items()}
        for done, life in enumerate(population.lives(), start=1):
            for name, writer in writers.items():
                writer.write(ROWS[name](life))
            if done % _TELL_EVERY == 0 or done == population.people:
                progress(done)
        return [Written(paths[name], writer.rows) for name, writer in writers.items()]


class _Writer:
    def __init__(self, file: TextIO, form: Form) -> None:
        self._file = file
        self._cells = csv.writer(file, lineterminator="\n")
        self._form = form
        self.rows = 0

    def write(self, rows: Iterator[Row]) -> None:
        for row in rows:
            if self._form == "jsonl":
                self._file.write(json.dumps(row, ensure_ascii=False) + "\n")
            else:
                if self.rows == 0:
                    self._cells.writerow(row)
                self._cells.writerow(row.values())
            self.rows += 1


@contextmanager
def _open(path: Path, *, packed: bool) -> Iterator[TextIO]:
    with ExitStack() as stack:
        file: BinaryIO = stack.enter_context(path.open("wb"))
        if packed:
            # No name and no time in its head: the same population gives the same bytes.
            file = cast("BinaryIO", stack.enter_context(gzip.GzipFile("", "wb", fileobj=file, mtime=0)))
        yield stack.enter_context(io.TextIOWrapper(file, encoding="utf-8", newline=""))
