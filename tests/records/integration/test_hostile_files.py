"""Files that are made to harm: each costs little, leaves nothing behind, and tells nobody what is not theirs."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta

import pytest
from ansinh_kit.errors import UnavailableError
from ansinh_kit.events import Metadata
from ansinh_kit.mongo import StoredFile
from ansinh_kit.throttling.rules import Window, Windows
from records.domain.bulk.contributions import CONTRIBUTION_COLUMNS
from records.domain.bulk.refusals import FileRefusedError
from records.domain.offices import Officer
from records.domain.participant.commands import RestrictParticipant
from records.domain.participant.events import ParticipantRegistered
from records.handlers.context import CommandContext
from records.handlers.importing import uploads
from records.handlers.importing.chunks import FileLimits, inspect
from records.storage.import_files import PART_BYTES

from tests.records import people
from tests.records.feeding import OFFICER, PROVINCIAL, STRANGER, Office
from tests.records.integration.test_imports_api import Counter
from tests.records.unit.bulk.reading import csv_of, row

HEADER = csv_of(row()).split(b"\n")[0] + b"\n"
A_MEMBER_OF_NOTHING = gzip.compress(b"")
BOMB = gzip.compress(HEADER + b"\n" * 4 * 1024 * 1024)


async def in_parts(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), PART_BYTES):
        yield content[start : start + PART_BYTES]


@pytest.fixture
async def counter() -> Counter:
    return await Counter().opened()


@pytest.mark.sec("LIM-24")
@pytest.mark.parametrize(
    ("content", "limits", "rule"),
    [
        (BOMB, FileLimits(bytes=1024 * 1024), "unpacked_too_large"),
        (BOMB, FileLimits(lines=10_000), "unpacked_too_large"),
        (A_MEMBER_OF_NOTHING * 100_001, FileLimits(), "damaged_gzip"),
    ],
    ids=["bytes", "lines", "members"],
)
async def test_a_file_that_is_packed_to_harm_is_refused(content: bytes, limits: FileLimits, rule: str) -> None:
    with pytest.raises(FileRefusedError) as refused:
        await inspect(in_parts(content), CONTRIBUTION_COLUMNS, limits)
    assert refused.value.refusal.rule.name == rule


async def test_others_get_their_turn_while_a_bomb_is_unpacked() -> None:
    """Packed it is one block, unpacked 16: whoever waits on the same loop is served in between."""
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    waiting = asyncio.create_task(others())
    with suppress(FileRefusedError):
        await inspect(in_parts(gzip.compress(b"x" * 4 * 1024 * 1024)), CONTRIBUTION_COLUMNS)
    waiting.cancel()
    assert turns > 15


async def test_an_officers_file_has_limits_of_its_own(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "SENT_IN", FileLimits(lines=1_000))
    answer = await counter.send(gzip.compress(HEADER + b"\n" * 1_000))
    assert [(one["field"], one["rule"]) for one in answer.json()["errors"]] == [("line 1001", "unpacked_too_large")]


@pytest.mark.sec("PII-06")
async def test_of_a_file_that_breaks_off_nothing_stays(counter: Counter) -> None:
    sent_in, bucket = counter.office.service.use_cases.uploads, counter.office.service.import_bucket

    async def broken() -> AsyncIterator[bytes]:
        yield csv_of(row()).ljust(PART_BYTES + 1, b"\n")
        assert bucket.files, "the first part is stored by now"
        raise ConnectionResetError

    officer = Officer("officer-a", people.AGENCY, "officer")
    with pytest.raises(ConnectionResetError):
        await sent_in.accept("contributions", broken(), officer, Metadata(correlation_id="story"), dry_run=False)
    assert bucket.files == {}


@pytest.mark.sec("PII-06")
async def test_a_backup_of_a_file_does_not_open_once_its_import_has_ended(counter: Counter) -> None:
    service = counter.office.service
    await counter.send(csv_of(row()))
    backup = dict(service.import_bucket.files)
    await counter.work()
    (file_id,) = {part.partition("/")[0] for part in backup}
    assert await service.keyring.is_forgotten(file_id)


@pytest.mark.sec("PII-06")
async def test_what_a_process_left_behind_that_died_is_swept_away_and_what_is_needed_stays(counter: Counter) -> None:
    service = counter.office.service
    sent = await counter.send(csv_of(row()))
    running = set(service.import_bucket.files)
    await service.import_bucket.put(f"{'e' * 32}/000000", b"left behind", metadata={})
    await service.use_cases.uploads.sweep()
    assert set(service.import_bucket.files) == running
    await counter.work()
    assert (await counter.get(sent.json()["import_id"])).json()["status"] == "completed"


async def test_nothing_is_swept_away_while_it_is_not_known_what_is_needed(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = counter.office.service

    async def behind(position: int, *, timeout_seconds: float) -> None:
        raise UnavailableError(f"imports: not at {position} within {timeout_seconds}")

    await service.import_bucket.put(f"{'e' * 32}/000000", b"perhaps needed", metadata={})
    monkeypatch.setattr(service.read_models.imports, "wait_for", behind)
    with pytest.raises(UnavailableError):
        await service.use_cases.uploads.sweep()
    assert service.import_bucket.files


async def test_a_file_that_cannot_be_worked_through_does_not_hold_up_the_others(counter: Counter) -> None:
    bucket = counter.office.service.import_bucket
    spoilt = (await counter.send(csv_of(row(occupation="Thợ điện")))).json()["import_id"]
    ((part, stored),) = bucket.files.items()
    bucket.files[part] = StoredFile(stored.content[:-1] + b"?", stored.metadata)
    whole = await counter.brought(csv_of(row()))
    assert whole["status"] == "completed"
    assert (await counter.get(spoilt)).json()["status"] == "failed"


@pytest.mark.sec("SEC-03")
async def test_an_officer_does_not_send_in_files_without_end(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "FILES_PER_OFFICER", Windows((Window(2, timedelta(hours=1)),)))
    answers = [await counter.send(csv_of(row(value=value))) for value in ("1", "2", "3")]
    assert [answer.status for answer in answers] == [202, 202, 429]
    assert len(counter.office.service.import_bucket.files) == 2
    assert (await counter.send(csv_of(row()), caller=PROVINCIAL)).status == 202


@pytest.mark.sec("API-01")
async def test_the_provincial_office_does_not_feed_a_restricted_record_by_a_file(counter: Counter) -> None:
    service = counter.office.service
    restricted = (await counter.office.post("participants/find", _number("6600000018"))).json()["participant_id"]
    await service.use_cases.participants.handle_here(
        restricted,
        RestrictParticipant(at=service.clock.now()),
        CommandContext("restrict", Metadata(correlation_id="story")),
    )
    content = csv_of(row(), row(social_insurance_number="6600000026"))
    provincial = await counter.brought(content, caller=PROVINCIAL)
    assert provincial["counts"] == {"recorded": 1, "corrected": 0, "unchanged": 0, "refused": 1}
    managing = await counter.brought(content, caller=OFFICER)
    assert managing["counts"]["recorded"] == 1


@pytest.mark.sec("API-01")
async def test_a_file_of_people_does_not_tell_another_agency_that_a_guess_is_right() -> None:
    counter = Counter(Office())
    known = (
        "social_insurance_number,citizen_number,full_name,birth_date,sex,agency_code\n"
        "6600000018,066090000018,Nguyễn Văn Mẫu,17/03/1990,male,{agency}\n"
    )
    own = await counter.brought(known.format(agency=people.AGENCY).encode(), query="kind=participants")
    again = await counter.brought(known.format(agency=people.AGENCY).encode(), query="kind=participants")
    theirs = await counter.brought(
        known.format(agency="07901").encode(), query="kind=participants&dry_run=true", caller=STRANGER
    )
    assert (own["counts"]["recorded"], again["counts"]["unchanged"]) == (1, 1)
    assert theirs["counts"] == {"recorded": 0, "corrected": 0, "unchanged": 0, "refused": 1}


async def test_an_e_mail_address_in_a_file_is_taken_in_compared_and_checked() -> None:
    counter = Counter(Office())
    person = "social_insurance_number,full_name,agency_code,email\n6600000018,Nguyễn Văn Mẫu,06601,{email}\n"

    async def brought(email: str) -> str:
        told = await counter.brought(person.format(email=email).encode(), query="kind=participants")
        return str(next(verdict for verdict, rows in told["counts"].items() if rows))

    assert await brought("mau@EXAMPLE.com") == "recorded"
    assert await brought("mau@example.com") == "unchanged"
    assert await brought("") == "unchanged"
    for refused in ("khac@example.com", "mau", "-mau@example.com"):
        assert await brought(refused) == "refused"
    events = [recorded.event for recorded in await counter.office.service.events()]
    (registered,) = [event for event in events if isinstance(event, ParticipantRegistered)]
    assert registered.contact is not None
    assert registered.contact.email == "mau@example.com"


def _number(number: str) -> dict[str, str]:
    return {"kind": "social_insurance_number", "number": number}
