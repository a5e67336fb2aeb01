"""Dull defaults for contribution periods; a test shows only what it is about. Employers and pay are made up."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from ansinh_kit.testing.given_when_then import Scenario
from records.domain.contributions import commands as asked
from records.domain.contributions import events as happened
from records.domain.contributions.commands import ContributionCommand, FedRow
from records.domain.contributions.decide import contribution_events, contributions_decider
from records.domain.contributions.period import Period, PeriodDetail, period_id_of
from records.domain.contributions.state import Contributions, Event
from records.domain.counting.rows import Status
from records.domain.kind import Kind
from records.domain.month import Month

AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
ANNA = "a" * 32
BINH = "b" * 32
A, B = "TA0001Z", "TB0002Z"

scenario: Scenario[ContributionCommand, Contributions, Event] = Scenario(contributions_decider, contribution_events)


def detail(**changes: Any) -> PeriodDetail:  # noqa: ANN401 - any field of the model
    return PeriodDetail.model_validate(
        {"employer_name": "Công ty Thử Nghiệm", "occupation": "Kế toán", "value": Decimal(5_000_000)} | changes
    )


def period(
    months: str = "01/2020-12/2020",
    employer_code: str = A,
    *,
    kind: Kind = "social",
    status: Status = "paid",
    **changes: object,
) -> Period:
    """Return a period of `months` written `01/2019-12/2020`; `changes` are those of its detail."""
    first, last = months.split("-")
    return Period(
        kind=kind,
        from_month=Month.parse(first),
        to_month=Month.parse(last),
        employer_code=employer_code,
        status=status,
        detail=detail(**changes),
    )


def row(sent: Period, *, as_correction: bool = False) -> FedRow:
    return FedRow(sent, as_correction)


def record(*rows: FedRow | Period, to: str = ANNA) -> asked.RecordPeriods:
    fed = [one if isinstance(one, FedRow) else FedRow(one) for one in rows]
    return asked.RecordPeriods(participant_id=to, rows=fed, at=AT)


def correct(period_id: str, now: Period) -> asked.CorrectPeriod:
    return asked.CorrectPeriod(participant_id=ANNA, period_id=period_id, period=now, at=AT)


def withdraw(period_id: str, reason: str = "Ghi nhầm người tham gia.", *, of: str = ANNA) -> asked.WithdrawPeriod:
    return asked.WithdrawPeriod(participant_id=of, period_id=period_id, reason=reason, at=AT)


def id_of(first: Period, of: str = ANNA) -> str:
    return period_id_of(of, first)


def recorded(now: Period, *, first: Period | None = None) -> happened.PeriodRecorded:
    return happened.PeriodRecorded(**_open(now, first), detail=now.detail)


def corrected(now: Period, *, first: Period) -> happened.PeriodCorrected:
    return happened.PeriodCorrected(**_open(now, first), detail=now.detail)


def withdrawn(first: Period, reason: str = "Ghi nhầm người tham gia.") -> happened.PeriodWithdrawn:
    return happened.PeriodWithdrawn(
        participant_id=ANNA, occurred_at=AT, period_id=id_of(first), kind=first.kind, reason=reason
    )


def moved(to: str = BINH) -> happened.ContributionsMoved:
    return happened.ContributionsMoved(participant_id=ANNA, occurred_at=AT, to=to)


def move(to: str = BINH) -> asked.MoveContributions:
    return asked.MoveContributions(participant_id=ANNA, to=to, at=AT)


def take_over(periods: dict[str, Period]) -> asked.TakeOverContributions:
    return asked.TakeOverContributions(participant_id=ANNA, from_participant=BINH, periods=periods, at=AT)


def taken_over(periods: dict[str, Period]) -> happened.ContributionsTakenOver:
    return happened.ContributionsTakenOver(
        participant_id=ANNA,
        occurred_at=AT,
        from_participant=BINH,
        periods=tuple(_moved(period_id, one) for period_id, one in periods.items()),
        details={period_id: one.detail for period_id, one in periods.items() if one.detail is not None},
        earlier_details=(),
    )


def _moved(period_id: str, one: Period) -> happened.MovedPeriod:
    return happened.MovedPeriod(
        period_id=period_id,
        kind=one.kind,
        from_month=one.from_month,
        to_month=one.to_month,
        employer_code=one.employer_code,
        status=one.status,
    )


def _open(now: Period, first: Period | None) -> dict[str, Any]:
    return {
        "participant_id": ANNA,
        "occurred_at": AT,
        "period_id": id_of(first or now),
        "kind": now.kind,
        "from_month": now.from_month,
        "to_month": now.to_month,
        "employer_code": now.employer_code,
        "status": now.status,
    }


def fold(*events: Event) -> Contributions:
    return contributions_decider.fold(events)
