"""Bulk files over HTTP: sent in, worked through in the background, told of, for the own agency only."""

import csv
import gzip
import io
import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from ansinh_kit.http.assertion import Caller
from ansinh_kit.testing.asgi_client import HttpAnswer
from records.api.import_routes import BULK_FILE_LIMIT_BYTES

from tests.records.feeding import OFFICER, PROVINCIAL, STRANGER, Office
from tests.records.unit.bulk.reading import csv_of, row


@dataclass
class Counter:
    """The service with two people on record, and what an officer does at the counter."""

    office: Office = field(default_factory=Office)

    async def opened(self) -> "Counter":
        await self.office.registered()
        await self.office.registered(number="6600000026", citizen_number=None)
        return self

    async def send(self, content: bytes, *, caller: Caller = OFFICER, query: str = "kind=contributions") -> HttpAnswer:
        return await self.office.service.client.request(
            "POST", f"/v1/staff/imports?{query}", caller=caller, body=content, headers={"content-type": "text/csv"}
        )

    async def get(self, path: str, *, caller: Caller = OFFICER) -> HttpAnswer:
        return await self.office.service.client.request("GET", f"/v1/staff/imports/{path}", caller=caller)

    async def work(self) -> None:
        await self.office.service.use_cases.uploads.carry_on()

    async def brought(
        self, content: bytes, *, caller: Caller = OFFICER, query: str = "kind=contributions"
    ) -> dict[str, Any]:
        sent = await self.send(content, caller=caller, query=query)
        assert sent.status == 202, sent.body
        await self.work()
        told: dict[str, Any] = (await self.get(sent.json()["import_id"], caller=caller)).json()
        return told


@pytest.fixture
async def counter() -> Counter:
    return await Counter().opened()


CONTENT = csv_of(row(), row(social_insurance_number="6600000026"), row(value="-1"), row(kind="health"))


async def test_a_file_is_taken_in_and_worked_through_in_the_background(counter: Counter) -> None:
    sent = await counter.send(CONTENT)
    assert sent.status == 202
    assert sent.headers["location"] == f"/v1/staff/imports/{sent.json()['import_id']}"
    assert sent.json()["status"] == "running"
    await counter.work()
    told = (await counter.get(sent.json()["import_id"])).json()
    assert (told["status"], told["lines"]) == ("completed", 5)
    assert told["counts"] == {"recorded": 3, "corrected": 0, "unchanged": 0, "refused": 1}
    assert (await counter.office.service.event_types()).count("period_recorded") == 3


async def test_the_stored_file_is_gone_when_its_import_has_ended(counter: Counter) -> None:
    await counter.send(CONTENT)
    bucket = counter.office.service.import_bucket
    assert bucket.files
    assert all(b"6600000026" not in stored.content for stored in bucket.files.values())
    await counter.work()
    assert bucket.files == {}


async def test_the_same_file_sent_twice_at_once_is_one_import(counter: Counter) -> None:
    first, second = await counter.send(CONTENT), await counter.send(CONTENT)
    assert first.json()["import_id"] == second.json()["import_id"]
    await counter.work()
    assert counter.office.service.import_bucket.files == {}
    again = await counter.brought(CONTENT)
    assert again["import_id"] != first.json()["import_id"]
    assert again["counts"] == {"recorded": 0, "corrected": 0, "unchanged": 3, "refused": 1}


async def test_a_dry_run_reports_the_same_and_records_nothing(counter: Counter) -> None:
    content = gzip.compress(csv_of(row(), row(value="6"), row(kind="health"), row(kind="health"), row(value="-1")))
    rehearsed = await counter.brought(content, query="kind=contributions&dry_run=true")
    assert rehearsed["dry_run"] is True
    assert "period_recorded" not in await counter.office.service.event_types()
    real = await counter.brought(content)
    assert rehearsed["counts"] == real["counts"] == {"recorded": 2, "corrected": 0, "unchanged": 1, "refused": 2}
    reports = [(await counter.get(f"{one['import_id']}/report")).body for one in (rehearsed, real)]
    assert reports[0] == reports[1]


async def test_a_rehearsal_remembers_earlier_chunks_of_the_file(counter: Counter) -> None:
    counter.office.service.use_cases.importing._chunk_lines = 2
    content = csv_of(row(), row(kind="health"), row(), row(value="6"))
    rehearsed = await counter.brought(content, query="kind=contributions&dry_run=true")
    assert rehearsed["counts"] == {"recorded": 2, "corrected": 0, "unchanged": 1, "refused": 1}


async def test_the_report_names_line_column_rule_and_shape_and_never_the_value(counter: Counter) -> None:
    told = await counter.brought(csv_of(row(employer_name="=cmd|x"), row(social_insurance_number="6600000099")))
    as_csv = (await counter.get(f"{told['import_id']}/report")).body.decode()
    as_lines = (await counter.get(f"{told['import_id']}/report?form=jsonl")).body.decode()
    rows = list(csv.DictReader(io.StringIO(as_csv)))
    assert [(one["line"], one["column"], one["rule"], one["shape"]) for one in rows] == [
        ("2", "employer_name", "formula", "'=aaa|a"),
        ("3", "social_insurance_number", "unknown_participant", "9{10}"),
    ]
    assert [json.loads(line)["rule"] for line in as_lines.splitlines()] == ["formula", "unknown_participant"]
    assert rows[0]["message_vi"]
    assert "6600000099" not in as_csv + as_lines


@pytest.mark.parametrize(
    ("content", "field", "rule"),
    [
        (b"", "line 1", "empty_file"),
        ("số".encode("utf-16"), "line 1", "not_utf8"),
        (csv_of(row()).replace(b"kind", b"sort"), "header", "unknown_column"),
        (gzip.compress(csv_of(row()))[:-3], "line 1", "damaged_gzip"),
    ],
)
async def test_a_file_that_cannot_be_read_is_refused_at_once_and_not_kept(
    counter: Counter, content: bytes, field: str, rule: str
) -> None:
    answer = await counter.send(content)
    assert answer.status == 422
    assert [(one["field"], one["rule"]) for one in answer.json()["errors"]] == [(field, rule)]
    assert counter.office.service.import_bucket.files == {}


@pytest.mark.sec("LIM-24")
async def test_a_file_beyond_the_limit_is_refused_without_being_read_whole(counter: Counter) -> None:
    declared = await counter.office.service.client.request(
        "POST",
        "/v1/staff/imports?kind=contributions",
        caller=OFFICER,
        body=[b"x"],
        headers={"content-length": str(BULK_FILE_LIMIT_BYTES + 1)},
    )
    assert declared.status == 413


async def test_another_agency_neither_feeds_nor_sees(counter: Counter) -> None:
    told = await counter.brought(CONTENT)
    assert (await counter.get(told["import_id"], caller=STRANGER)).status == 404
    assert (await counter.get(f"{told['import_id']}/report", caller=STRANGER)).status == 404
    assert (await counter.get(told["import_id"], caller=PROVINCIAL)).status == 200
    stranger = await counter.send(CONTENT, caller=STRANGER)
    await counter.work()
    theirs = (await counter.get(stranger.json()["import_id"], caller=STRANGER)).json()
    assert theirs["counts"] == {"recorded": 0, "corrected": 0, "unchanged": 0, "refused": 4}


async def test_an_unknown_kind_of_file_is_refused(counter: Counter) -> None:
    assert (await counter.send(CONTENT, query="kind=secrets")).status == 422
