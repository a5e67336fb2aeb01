"""A notice is issued once a month, published without amounts, and kept as it went out; and who has to get one."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from ansinh_contracts import records as contracts
from ansinh_kit.database import Document
from ansinh_kit.events import ERASED, DomainEvent, Metadata, RecordedEvent
from ansinh_kit.projections.projection import Projection
from records.domain.contributions import events as happened
from records.domain.month import Month
from records.domain.notices.events import NoticeLine, UnpaidNoticeIssued
from records.domain.notices.issuing import IssueNotice, decide, notices_decider
from records.messaging.publishing import to_contract
from records.projections.arrears import Arrears
from records.projections.notices import Notices, notices_seen

from tests.records import access_builders as b

AT = datetime(2026, 11, 10, 2, 0, tzinfo=UTC)
LINE = NoticeLine(
    kind="social",
    employer_code="TA0001Z",
    employer_name="Công ty A",
    from_month=Month.of(2026, 3),
    to_month=Month.of(2026, 9),
    amount=Decimal(35_000_000),
    currency="VND",
)


def command(judged_on: date = date(2026, 11, 10), lines: tuple[NoticeLine, ...] = (LINE,)) -> IssueNotice:
    return IssueNotice(
        participant_id=b.PARTICIPANT, judged_on=judged_on, lines=lines, language="vi", contact=b.contact(), at=AT
    )


def issued(month: int = 11) -> UnpaidNoticeIssued:
    (event,) = decide(command(date(2026, month, 10)), frozenset())
    return event


def recorded(event: DomainEvent, position: int = 1) -> RecordedEvent:
    at = AT + timedelta(days=30 * position)
    return RecordedEvent(event, f"event-{position}", "stream", position, position, at, "commit", Metadata("test"))


def folded(projection: Projection, *events: DomainEvent) -> Document | None:
    document: Document | None = None
    for position, event in enumerate(events, start=1):
        one = recorded(event, position)
        assert list(projection.keys(one)) == [b.PARTICIPANT]
        document = projection.fold(b.PARTICIPANT, document, one)
    return document


@pytest.mark.req("V-26")
def test_one_notice_a_month_and_none_without_a_late_month() -> None:
    state = notices_decider.fold([issued()])
    assert decide(command(), state) == []
    assert [event.month for event in decide(command(date(2026, 12, 10)), state)] == [Month.of(2026, 12)]
    assert decide(command(lines=()), frozenset()) == []


def test_others_learn_whom_to_tell_and_of_which_months_but_no_amount() -> None:
    published = to_contract(recorded(issued()))
    months = contracts.UnpaidMonths(kind="social", employer="Công ty A", from_month="2026-03", to_month="2026-09")
    assert isinstance(published, contracts.UnpaidNoticeIssuedV1)
    assert (published.month, published.lines) == ("2026-11", (months,))
    assert published.contact is not None
    assert published.contact.full_name == "Nguyễn Văn Mẫu"
    assert "35000000" not in published.model_dump_json()


def test_an_employer_without_a_name_is_told_by_its_code() -> None:
    nameless = issued().model_copy(
        update={"lines": (LINE.model_copy(update={"employer_name": None}),), "contact": None}
    )
    published = to_contract(recorded(nameless))
    assert isinstance(published, contracts.UnpaidNoticeIssuedV1)
    assert [line.employer for line in published.lines or ()] == ["TA0001Z"]
    assert published.contact is None


def test_notices_are_shown_as_they_went_out_and_as_of_a_moment() -> None:
    document = folded(Notices(), issued(10), issued(11))
    assert [notice.month.month for notice in notices_seen(document, None)] == [10, 11]
    assert [notice.month.month for notice in notices_seen(document, AT + timedelta(days=31))] == [10]
    assert notices_seen(document, AT) == []
    assert notices_seen(document, None)[0].lines == (LINE,)


def test_of_a_forgotten_person_nothing_is_shown_and_nothing_breaks() -> None:
    erased: Document = {"participant_id": b.PARTICIPANT, "notices": ERASED}
    assert notices_seen(erased, None) == []
    forgotten = issued().model_copy(update={"lines": None, "contact": None})
    assert notices_seen(Notices().fold(b.PARTICIPANT, erased, recorded(forgotten)), None) == []


def period(event_class: type[happened.PeriodEvent], period_id: str, status: str, first: str = "2026-03") -> DomainEvent:
    values: dict[str, Any] = {
        "participant_id": b.PARTICIPANT,
        "occurred_at": AT,
        "period_id": period_id,
        "kind": "social",
        "from_month": first,
        "to_month": "2026-09",
        "employer_code": "TA0001Z",
        "status": status,
    }
    return event_class.model_validate(values)


FIRST = period(happened.PeriodRecorded, "first", "unpaid")
SECOND = period(happened.PeriodRecorded, "second", "unpaid", "2026-01")
WITHDRAWN = happened.PeriodWithdrawn(participant_id=b.PARTICIPANT, occurred_at=AT, period_id="second", kind="social")
MOVED = happened.ContributionsMoved(participant_id=b.PARTICIPANT, occurred_at=AT, to="b" * 32)


def taken_over(status: str) -> DomainEvent:
    moved = period(happened.PeriodRecorded, "moved", status).model_dump(
        mode="json", include=set(happened.MovedPeriod.model_fields)
    )
    return happened.ContributionsTakenOver.model_validate(
        {"participant_id": b.PARTICIPANT, "occurred_at": AT, "from_participant": "b" * 32, "periods": [moved]}
    )


@pytest.mark.parametrize(
    ("events", "unpaid"),
    [
        ((FIRST, SECOND), {"first": "2026-03", "second": "2026-01"}),
        ((period(happened.PeriodRecorded, "first", "paid"),), None),
        ((FIRST, SECOND, WITHDRAWN), {"first": "2026-03"}),
        ((FIRST, period(happened.PeriodCorrected, "first", "paid")), None),
        ((FIRST, period(happened.PeriodCorrected, "first", "unpaid", "2026-05")), {"first": "2026-05"}),
        ((FIRST, taken_over("unpaid")), {"first": "2026-03", "moved": "2026-03"}),
        ((taken_over("paid"),), None),
        ((FIRST, MOVED), None),
    ],
)
def test_arrears_list_who_has_unpaid_periods(events: tuple[DomainEvent, ...], unpaid: dict[str, str] | None) -> None:
    document = folded(Arrears(), *events)
    if unpaid is None:
        assert document is None
    else:
        expected = {"participant_id": b.PARTICIPANT, "first_month": min(unpaid.values()), "unpaid": unpaid}
        assert document == expected
