"""The monthly round of notices, and reading them: on the day, once, after a crash, and for whom it is meant."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

import pytest
from ansinh_contracts import records as contracts
from ansinh_kit.database import Document
from ansinh_kit.errors import UnavailableError
from ansinh_kit.event_store.commit_log import CommitLog
from ansinh_kit.events import Metadata
from ansinh_kit.mongo import Database, connect
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.projections.projector import Projector
from ansinh_kit.projections.view import View
from ansinh_kit.testing.clock import FixedClock
from records.domain.month import Month
from records.domain.notices.events import UnpaidNoticeIssued
from records.domain.notices.schedule import NoticeSchedule
from records.domain.participant.commands import RestrictParticipant
from records.handlers.context import CommandContext
from records.handlers.monthly_notices import MonthlyNotices
from records.handlers.noticing import Noticing
from records.messaging.publishing import to_contract
from records.projections.arrears import Arrears
from records.storage.notice_runs import BEGINNING, END, MongoNoticeRuns

from tests.records.feeding import Office
from tests.records.service import FoldedView, MemoryRuns, Service
from tests.records.working_life import WorkingLife, sent

EVE = datetime(2026, 11, 9, 16, 59, tzinfo=UTC)
"""23:59 on the 9th, in Viet Nam."""
NOVEMBER = Month.of(2026, 11)


@pytest.fixture
async def life() -> WorkingLife:
    life = WorkingLife(Office(Service(clock=FixedClock(EVE))))
    life.participant_id = await life.office.registered()
    await life.office.declare()
    return life


async def owed(life: WorkingLife, months: str = "2026-07/2026-10") -> None:
    await life.fed(sent(months, status="unpaid"))


async def round_of(life: WorkingLife, *, after: timedelta = timedelta(0)) -> None:
    life.office.service.clock.advance(after)
    await life.office.service.use_cases.monthly_notices.issue_due()


async def notified(service: Service) -> list[str]:
    return [
        recorded.stream_id.removeprefix("notices-")
        for recorded in await service.events()
        if recorded.event.event_type == "unpaid_notice_issued"
    ]


async def in_arrears(life: WorkingLife, count: int) -> list[str]:
    """Register so many more participants with late months."""
    found = []
    for index in range(count):
        number = f"66000001{index:02}"
        participant_id = await life.office.registered(number=number, citizen_number=None)
        rows = {"rows": [sent("2026-07/2026-08", status="unpaid")]}
        assert (await life.office.post(f"participants/{participant_id}/periods", rows)).status == 200
        found.append(participant_id)
    return found


@pytest.mark.req("V-26")
async def test_the_notice_goes_out_when_the_tenth_begins_in_viet_nam_and_is_read_in_the_app(life: WorkingLife) -> None:
    await owed(life)
    await round_of(life)
    assert (await life.shown("notices"))["notices"] == []
    await round_of(life, after=timedelta(minutes=1))
    (notice,) = (await life.shown("notices"))["notices"]
    assert (notice["month_label"], notice["judged_on"]) == ("11/2026", "2026-11-10")
    (line,) = notice["lines"]
    assert (line["label"]["vi"], line["employer_name"]) == ("BHXH", "Công ty A")
    assert (line["span"]["from_label"], line["span"]["to_label"]) == ("07/2026", "09/2026")
    assert line["amount_text"] == "15.000.000,00"


@pytest.mark.req("V-26")
async def test_the_notice_goes_to_the_address_on_record_in_the_persons_language(life: WorkingLife) -> None:
    contact = {"phone": "0900 000 018", "email": "mau@example.com", "language": "en"}
    assert (await life.office.post(f"participants/{life.participant_id}/contact", contact)).status == 200
    await owed(life)
    await round_of(life, after=timedelta(minutes=1))

    (issued,) = [
        recorded for recorded in await life.office.service.events() if isinstance(recorded.event, UnpaidNoticeIssued)
    ]
    told = to_contract(issued)
    assert isinstance(told, contracts.UnpaidNoticeIssuedV1)
    assert told.contact is not None
    assert (told.contact.email, told.language) == ("mau@example.com", "en")


async def test_who_owes_nothing_late_gets_none(life: WorkingLife) -> None:
    await life.fed(sent("2026-07/2026-09"), sent("2026-10/2026-10", "TB0002Z", status="unpaid"))
    await round_of(life, after=timedelta(hours=1))
    assert await notified(life.office.service) == []


async def test_each_month_has_its_own_notice_newest_first_and_as_of(life: WorkingLife) -> None:
    await owed(life)
    for _ in range(3):
        await round_of(life, after=timedelta(days=15))
    notices = (await life.shown("notices"))["notices"]
    assert [notice["month"] for notice in notices] == ["2026-12", "2026-11"]
    earlier = await life.shown("notices?as_of=2026-11-30")
    assert [notice["month"] for notice in earlier["notices"]] == ["2026-11"]


@pytest.mark.req("V-26")
async def test_a_round_that_died_goes_on_and_nobody_is_told_twice_or_left_out(life: WorkingLife) -> None:
    everyone = await in_arrears(life, 5)
    service = life.office.service
    service.log.die("after", append=3)
    with pytest.raises(UnavailableError):
        await round_of(life, after=timedelta(hours=1))
    for _ in range(2):
        await round_of(life, after=timedelta(days=1))
    assert sorted(await notified(service)) == sorted(everyone)
    judged = {event.event.model_dump()["judged_on"].day for event in await service.events() if _is_notice(event)}
    assert judged == {10}


def _is_notice(recorded: Any) -> bool:  # noqa: ANN401  # any recorded event
    return bool(recorded.event.event_type == "unpaid_notice_issued")


class CountingLog:
    """Counts the questions a store asks."""

    def __init__(self, log: CommitLog) -> None:
        self._log = log
        self.questions = 0

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # whatever the log has
        if name in {"read_stream", "read_streams"}:
            self.questions += 1
        return getattr(self._log, name)


async def test_a_page_of_people_is_read_with_a_few_questions(life: WorkingLife) -> None:
    everyone = await in_arrears(life, 12)
    service, counted = life.office.service, CountingLog(life.office.service.log)
    service.store = service.store.over(lambda _: cast("CommitLog", counted))
    await notifier(service).notify(everyone, date(2026, 11, 10))
    assert len(await notified(service)) == len(everyone)
    assert counted.questions <= 4


async def test_two_processes_at_once_issue_each_notice_once(life: WorkingLife) -> None:
    everyone = await in_arrears(life, 5)
    service = life.office.service
    service.clock.advance(timedelta(hours=1))
    rival = monthly_notices(service, service.read_models.arrears, MemoryRuns())
    await asyncio.gather(rival.issue_due(), service.use_cases.monthly_notices.issue_due())
    assert sorted(await notified(service)) == sorted(everyone)


class UnbuiltView(FoldedView):
    """Shows nobody until it is waited for: a read model that is still being built."""

    position = 0

    async def wait_for(self, position: int, *, timeout_seconds: float) -> None:
        del timeout_seconds
        self.position = position

    async def documents(self) -> dict[str, Document]:
        built = self.position == await self._store.last_position()
        return await super().documents() if built else {}


async def test_a_round_waits_for_a_read_model_that_is_being_built(life: WorkingLife) -> None:
    await owed(life)
    service = life.office.service
    service.clock.advance(timedelta(hours=1))
    await monthly_notices(service, UnbuiltView(service.store, Arrears()), MemoryRuns()).issue_due()
    assert await notified(service) == [life.participant_id]


async def test_once_the_month_is_done_nobody_is_looked_for_again(life: WorkingLife) -> None:
    await round_of(life, after=timedelta(hours=1))
    assert await life.office.service.notice_runs.reached(NOVEMBER) == END
    await owed(life)
    await round_of(life)
    assert await notified(life.office.service) == []


async def test_a_merged_participant_gets_none_and_the_survivor_one_for_all(life: WorkingLife) -> None:
    (duplicate_id,) = await in_arrears(life, 1)
    merge = await life.office.post(f"participants/{life.participant_id}/merge", {"duplicate_id": duplicate_id})
    assert merge.status == 200, merge.body
    noticing = notifier(life.office.service)
    for _ in range(2):
        await noticing.notify([duplicate_id, life.participant_id], date(2026, 11, 10))
    assert await notified(life.office.service) == [life.participant_id]


async def test_what_a_duplicate_was_told_is_read_in_the_survivors_record(life: WorkingLife) -> None:
    (duplicate_id,) = await in_arrears(life, 1)
    await round_of(life, after=timedelta(hours=1))
    await life.office.post(f"participants/{life.participant_id}/merge", {"duplicate_id": duplicate_id})
    assert [notice["month"] for notice in (await life.shown("notices"))["notices"]] == ["2026-11"]


async def test_nobody_is_told_who_was_forgotten(life: WorkingLife) -> None:
    await owed(life)
    service = life.office.service
    await service.keyring.forget(life.participant_id)
    await round_of(life, after=timedelta(hours=1))
    assert await notified(service) == []
    assert await service.notice_runs.reached(NOVEMBER) == END


@pytest.mark.sec("PII-06")
async def test_of_a_restricted_record_nothing_goes_out(life: WorkingLife) -> None:
    await owed(life)
    service = life.office.service
    restrict = RestrictParticipant(at=service.clock.now())
    context = CommandContext("1" * 32, Metadata("test"))
    await service.use_cases.participants.handle(life.participant_id, restrict, context)
    await round_of(life, after=timedelta(hours=1))
    assert await notified(service) == []


def notifier(service: Service) -> Noticing:
    participants = service.use_cases.participants
    return Noticing(
        store=service.store,
        participants=participants,
        cipher=PersonalDataCipher(service.keyring),
        clock=service.clock,
        schedule=NoticeSchedule(),
    )


def monthly_notices(service: Service, arrears: Any, runs: Any) -> MonthlyNotices:  # noqa: ANN401  # in memory or real
    return MonthlyNotices(
        store=service.store,
        arrears=arrears,
        noticing=notifier(service),
        runs=runs,
        clock=service.clock,
        schedule=NoticeSchedule(),
    )


@pytest.mark.mongo
async def test_the_round_finds_everybody_on_the_real_server(
    life: WorkingLife, mongo_url: str, database_name: str
) -> None:
    everyone = await in_arrears(life, 3)
    client = connect(mongo_url, app_name="tests")
    try:
        await _round_on(client.database(database_name), life.office.service)
    finally:
        client.close()
    assert sorted(await notified(life.office.service)) == sorted(everyone)


async def _round_on(database: Database, service: Service) -> None:
    cipher = PersonalDataCipher(service.keyring)
    projector = Projector(store=service.store, database=database, projection=Arrears(), cipher=cipher)
    view = View(database=database, projection=Arrears(), cipher=cipher)
    generation = await projector.generations.active_or_first()
    runs = MongoNoticeRuns(database)
    assert await runs.reached(NOVEMBER) == BEGINNING
    service.clock.advance(timedelta(hours=1))
    await asyncio.gather(monthly_notices(service, view, runs).issue_due(), projector.catch_up(generation))
    assert await runs.reached(NOVEMBER) == END
    await runs.note(NOVEMBER, "ab")
    assert await runs.reached(NOVEMBER) == END
