"""A log of contribution periods as bulk files leave it, and a read model over it, for the projection benchmarks."""

import asyncio
import hashlib
import uuid
from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar

from ansinh_kit.database import Document
from ansinh_kit.event_store.codec import JsonCodec
from ansinh_kit.event_store.commit_log import CommitLog
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.events import DomainEvent, EventRegistry, Metadata, OptionalPersonalText, PersonalText, RecordedEvent
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.projections.projection import ViewIndex

_FIRST_YEAR = 2006
_UNDER_WAY = 256


class PeriodRecorded(DomainEvent):
    """One row of an employer's file: as many fields, of about the same length, as the records service keeps."""

    event_type: ClassVar[str] = "period_recorded"
    subject_field: ClassVar[str | None] = "participant_id"

    participant_id: str
    period_id: str
    kind: str
    from_month: str
    to_month: str
    employer_code: str
    status: str
    employer_name: PersonalText
    workplace: PersonalText
    occupation: PersonalText
    position: OptionalPersonalText = None
    contribution_value: PersonalText
    currency: PersonalText
    contract: OptionalPersonalText = None


REGISTRY = EventRegistry.of([PeriodRecorded])


class Participation:
    """All rows of one person and kind, every version of each; the rows are one personal field."""

    name = "bench_participation"
    version = 1
    indexes: Sequence[ViewIndex] = (ViewIndex({"participant_id": 1}),)
    personal_fields = frozenset({"rows"})

    def subject_of(self, document: Document) -> str:
        return str(document["participant_id"])

    def keys(self, event: RecordedEvent) -> Iterable[str]:
        period = event.event
        return (f"{period.participant_id}/{period.kind}",) if isinstance(period, PeriodRecorded) else ()

    def fold(self, key: str, document: Document | None, event: RecordedEvent) -> Document | None:
        del key
        period = event.event
        if not isinstance(period, PeriodRecorded):
            return document
        rows = {} if document is None else document["rows"]
        version = {
            "since": event.recorded_at.isoformat(),
            "position": event.position,
            "event_id": event.event_id,
            "value": _row(period),
        }
        versions = [*rows.get(period.period_id, ()), version]
        return {
            "participant_id": period.participant_id,
            "kind": period.kind,
            "rows": {**rows, period.period_id: versions},
        }


def _row(period: PeriodRecorded) -> Document:
    return {
        "from_month": period.from_month,
        "to_month": period.to_month,
        "employer_code": period.employer_code,
        "status": period.status,
        "employer_name": period.employer_name,
        "workplace": period.workplace,
        "occupation": period.occupation,
        "contribution_value": period.contribution_value,
        "currency": period.currency,
    }


def event_store(log: CommitLog, cipher: PersonalDataCipher) -> EventStore:
    return EventStore(log, JsonCodec(REGISTRY, cipher))


async def fill(store: EventStore, *, people: int, files: int, rows: int) -> int:
    """Record `files` files one after the other, each with `rows` rows for each of `people`; return the events."""
    participants = [uuid.uuid4().hex for _ in range(people)]
    for file in range(files):
        # A window that follows the writer: one gather over all of them would hold every row in memory.
        for first in range(0, people, _UNDER_WAY):
            await asyncio.gather(
                *(_record(store, each, file, rows) for each in participants[first : first + _UNDER_WAY])
            )
    return people * files * rows


async def _record(store: EventStore, participant_id: str, file: int, rows: int) -> None:
    await store.append(
        f"contributions-{participant_id}",
        list(periods(participant_id, file=file, rows=rows)),
        expected_version=file * rows,
        commit_id=f"{participant_id}/{file}",
        metadata=Metadata(correlation_id=f"import-{file}", actor="import"),
    )


def periods(participant_id: str, *, file: int, rows: int) -> Iterator[PeriodRecorded]:
    """Return the rows of one person in one file: half a year each, following on from the file before."""
    for row in range(rows):
        half_year = file * rows + row
        year, half = _FIRST_YEAR + half_year // 2, half_year % 2
        natural_key = f"{participant_id}|social|TZ0100A|{year}|{half}"
        yield PeriodRecorded(
            participant_id=participant_id,
            period_id=hashlib.sha256(natural_key.encode()).hexdigest()[:32],
            kind="social",
            from_month=f"{year}-{half * 6 + 1:02}",
            to_month=f"{year}-{half * 6 + 6:02}",
            employer_code="TZ0100A",
            status="paid",
            employer_name="Công ty Trách nhiệm hữu hạn May mặc Mẫu Số Một",
            workplace="Khu công nghiệp Mẫu, phường Mẫu, thành phố Hà Nội",
            occupation="Công nhân may công nghiệp",
            contribution_value=str(4_500_000 + half_year * 150_000),
            currency="VND",
        )
