"""Participants with contribution periods, written straight to the log of the records service."""

import asyncio
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

from ansinh_kit.event_store.store import EventStore
from ansinh_kit.events import Metadata
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from records.domain.contributions.events import PeriodRecorded
from records.domain.contributions.period import Period, PeriodDetail, period_id_of
from records.domain.month import Month

_FIRST_YEAR = 1996
_UNDER_WAY = 64


def half_years(participant_id: str, periods: int, *, first: int = 0) -> Iterator[PeriodRecorded]:
    """Return social insurance periods of half a year each, one after the other, at four employers in turn."""
    for number in range(first, first + periods):
        year, half = _FIRST_YEAR + number // 2, number % 2
        period = Period(
            kind="social",
            from_month=Month.from_iso(f"{year}-{half * 6 + 1:02}"),
            to_month=Month.from_iso(f"{year}-{half * 6 + 6:02}"),
            employer_code=f"TZ0{number // 15}00A",
            status="paid",
            detail=PeriodDetail(
                employer_name="Công ty Trách nhiệm hữu hạn May mặc Mẫu",
                workplace="Khu công nghiệp Mẫu, thành phố Hà Nội",
                occupation="Công nhân may công nghiệp",
                value=Decimal(4_500_000 + number * 100_000),
            ),
        )
        yield PeriodRecorded(
            participant_id=participant_id,
            occurred_at=datetime.now(UTC),
            period_id=period_id_of(participant_id, period),
            kind=period.kind,
            from_month=period.from_month,
            to_month=period.to_month,
            employer_code=period.employer_code,
            status=period.status,
            detail=period.detail,
        )


async def record(store: EventStore, participant_id: str, periods: int, *, first: int = 0) -> int:
    """Record the periods in one commit after the `first` ones; return its position."""
    appended = await store.append(
        f"contributions-{participant_id}",
        list(half_years(participant_id, periods, first=first)),
        expected_version=first,
        commit_id=f"bench/{participant_id}/{first}",
        metadata=Metadata(correlation_id="bench", actor="bench"),
    )
    return appended.position


async def record_people(
    store: EventStore, people: int, *, periods: int, cipher: PersonalDataCipher | None = None
) -> list[str]:
    """Record so many participants with so many periods each; return their ids.

    Args:
        cipher: Makes the keys of many people at once, which is faster than one by one.
    """
    participants = [uuid.uuid4().hex for _ in range(people)]
    for first in range(0, people, _UNDER_WAY):
        group = participants[first : first + _UNDER_WAY]
        if cipher is not None:
            await cipher.prepare(group)
        await asyncio.gather(*(record(store, participant_id, periods) for participant_id in group))
    return participants
