"""Benefits, cards and visits corrected by bulk files: from their recording on, and not undone by an old file."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from urllib.parse import quote

import pytest

from tests.records import rows
from tests.records.feeding import CITIZEN, OFFICER, Office, declared

NUMBER: Final = {"social_insurance_number": rows.INSURANCE_NUMBER}


@dataclass(frozen=True)
class Kind:
    """A kind of file: how its row is written, which cell of it changes from what to what, and where it is read."""

    name: str
    row: Callable[..., dict[str, str]]
    cell: str
    values: tuple[str, str]
    key_cell: str
    path: str
    listed: Callable[[Any], list[Any]]
    shown: tuple[str, str]


KINDS: Final = (
    Kind(
        "benefits",
        rows.benefit_row,
        "amount",
        ("4500000", "4600000"),
        "decision_number",
        "benefits/monthly",
        lambda page: list(page["benefits"]),
        ("4500000.00", "4600000.00"),
    ),
    Kind(
        "cards",
        rows.card_row,
        "facility_code",
        ("66001", "66002"),
        "card_number",
        "card",
        lambda page: [page["card"]],
        ("66001", "66002"),
    ),
    Kind(
        "visits",
        rows.visit_row,
        "outcome",
        ("2", "1"),
        "dossier_id",
        "visits/2025",
        lambda page: list(page["visits"]),
        ("better", "cured"),
    ),
)
EACH_KIND: Final = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


@dataclass
class Counter:
    """An office with one participant, who reads the own record, and an officer who sends files."""

    office: Office

    async def bring(self, kind: Kind, *sent: dict[str, str], query: str = "") -> tuple[dict[str, int], list[Any]]:
        """Return how many rows came to what, and the lines of the report."""
        content = "".join(f"{json.dumps(NUMBER | row, ensure_ascii=False)}\n" for row in sent).encode()
        client = self.office.service.client
        headers = {"content-type": "application/jsonl"}
        path = f"/v1/staff/imports?kind={kind.name}{query}"
        started = await client.request("POST", path, caller=OFFICER, body=content, headers=headers)
        assert started.status == 202, started.body
        await self.office.service.use_cases.uploads.carry_on()
        one = f"/v1/staff/imports/{started.json()['import_id']}"
        counts = (await client.request("GET", one, caller=OFFICER)).json()["counts"]
        report = (await client.request("GET", f"{one}/report", caller=OFFICER)).body.decode()
        told = [(row["line"], row["column"], row["rule"]) for row in csv.DictReader(io.StringIO(report))]
        return {verdict: count for verdict, count in counts.items() if count}, told

    async def read(self, kind: Kind, as_of: str = "") -> list[str]:
        """Return what the changing cell of every row of the kind says."""
        cell = {"outcome": "outcome", "facility_code": "facility_code", "amount": "amount"}[kind.cell]
        path = f"/v1/participants/me/{kind.path}{as_of}"
        answer = await self.office.service.ask("GET", path, caller=CITIZEN)
        assert answer.status == 200, answer.body
        return [row[cell] for row in kind.listed(answer.json())]


@pytest.fixture
async def counter() -> Counter:
    office = Office()
    await office.registered()
    await office.declare(participant=declared())
    return Counter(office)


def row_of(kind: Kind, version: int, **cells: str) -> dict[str, str]:
    return kind.row(**{kind.cell: kind.values[version]}) | cells


@EACH_KIND
async def test_a_contradicting_row_is_refused_with_line_column_and_rule(counter: Counter, kind: Kind) -> None:
    assert await counter.bring(kind, row_of(kind, 0)) == ({"recorded": 1}, [])
    counts, told = await counter.bring(kind, row_of(kind, 0), row_of(kind, 1))
    assert counts == {"unchanged": 1, "refused": 1}
    assert told == [("2", kind.key_cell, "contradicts_standing")]
    assert await counter.read(kind) == [kind.shown[0]]


@EACH_KIND
async def test_a_correction_supersedes_from_its_recording_on_and_the_past_stays(counter: Counter, kind: Kind) -> None:
    await counter.bring(kind, row_of(kind, 0))
    then = quote(counter.office.service.clock.now().isoformat())
    counter.office.service.clock.advance(timedelta(days=1))
    counts, told = await counter.bring(kind, row_of(kind, 1, action="correct"))
    assert (counts, told) == ({"corrected": 1}, [])
    assert await counter.read(kind) == [kind.shown[1]]
    assert await counter.read(kind, f"?as_of={then}") == [kind.shown[0]]


@EACH_KIND
async def test_neither_the_old_file_nor_the_correction_again_changes_anything(counter: Counter, kind: Kind) -> None:
    await counter.bring(kind, row_of(kind, 0))
    correction = row_of(kind, 1, action="correct")
    await counter.bring(kind, correction)
    before = await counter.office.service.event_types()
    counts, told = await counter.bring(kind, row_of(kind, 0, action="record"), correction)
    assert (counts, told) == (
        {"unchanged": 1, "refused": 1},
        [("1", kind.key_cell, "row_corrected_since")],
    )
    after = [event for event in await counter.office.service.event_types() if not event.startswith("import_")]
    assert after == [event for event in before if not event.startswith("import_")]


@EACH_KIND
async def test_a_dry_run_tells_of_corrections_and_makes_none(counter: Counter, kind: Kind) -> None:
    await counter.bring(kind, row_of(kind, 0))
    counts, _ = await counter.bring(kind, row_of(kind, 1, action="correct"), query="&dry_run=true")
    assert counts == {"corrected": 1}
    assert await counter.read(kind) == [kind.shown[0]]


@EACH_KIND
async def test_one_file_records_and_corrects_in_the_order_of_its_rows(counter: Counter, kind: Kind) -> None:
    counts, _ = await counter.bring(kind, row_of(kind, 0), row_of(kind, 1, action="correct"))
    assert counts == {"recorded": 1, "corrected": 1}
    assert await counter.read(kind) == [kind.shown[1]]


@EACH_KIND
async def test_what_a_row_is_to_do_is_one_of_two_words(counter: Counter, kind: Kind) -> None:
    counts, told = await counter.bring(kind, row_of(kind, 0, action="overwrite"))
    assert (counts, told) == ({"refused": 1}, [("1", "action", "not_one_of")])
