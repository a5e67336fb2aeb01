"""Reading participation: totals of all kinds, the rows of one, a row's detail, and what employers still owe."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Final

from ansinh_kit.errors import DomainError, FieldViolation, InvalidFieldsError
from ansinh_kit.http.bilingual import Bilingual
from ansinh_kit.http.callers import AnyCaller
from ansinh_kit.http.problems import Answer
from fastapi import APIRouter, Depends, Path, Query, Response

from records.api import participation_models as models
from records.api import participation_views as views
from records.api.access import Access, OpeningId, Who
from records.api.as_of import AsOf
from records.api.errors import gone, refused
from records.domain.bulk.rules import REVERSED
from records.domain.contributions import errors
from records.domain.contributions.rules import ISO_MONTH
from records.domain.counting.span import Span
from records.domain.kind import Kind
from records.domain.month import Month, NotAMonthError
from records.handlers.participation import KindRead, ParticipationReading

PeriodId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]

CONTRIBUTION_ERRORS: Final[Mapping[type[DomainError], Answer]] = {
    errors.PeriodNotFoundError: gone("Không tìm thấy quá trình này.", "There is no such period."),
    errors.PeriodContradictsError: refused(
        "Quá trình này trùng tháng với quá trình khác của cùng đơn vị.",
        "The period has months of another one of the same employer.",
    ),
    errors.KindFixedError: refused(
        "Không thể đổi loại bảo hiểm. Hãy hủy ghi nhận rồi ghi nhận lại.",
        "The kind of insurance cannot be changed. Withdraw the period and record it anew.",
    ),
    errors.ContributionsErasedError: Answer(
        410,
        "Erased",
        Bilingual("Dữ liệu cá nhân của hồ sơ này đã được xóa.", "The personal data of this record was erased."),
    ),
}


async def _range(
    first: Annotated[str | None, Query(alias="from", max_length=40)] = None,
    last: Annotated[str | None, Query(alias="to", max_length=40)] = None,
) -> Span | None:
    """Return the months asked for; `None` if none are.

    Raises:
        InvalidFieldsError: One of the two is missing or no month, or they stand the wrong way round.
    """
    if first is None and last is None:
        return None
    months = Span(_month("from", first), _month("to", last))
    if months.first > months.last:
        raise InvalidFieldsError([FieldViolation("to", REVERSED.name)])
    return months


def _month(field: str, raw: str | None) -> Month:
    if raw is None:
        raise InvalidFieldsError([FieldViolation(field, "required")])
    try:
        return Month.from_iso(raw)
    except NotAMonthError as error:
        raise InvalidFieldsError([FieldViolation(field, ISO_MONTH.name)]) from error


Range = Annotated[Span | None, Depends(_range)]
"""The query parameters `from` and `to`, months as `2021-03`, both included."""


def participation_routes(*, access: Access, reading: ParticipationReading) -> APIRouter:
    router = APIRouter(prefix="/v1/participants/{who}", tags=["participation"])
    _add_totals(router, access, reading)
    _add_rows(router, access, reading)
    return router


def _add_totals(router: APIRouter, access: Access, reading: ParticipationReading) -> None:
    @router.get("/participation")
    async def read_totals(who: Who, caller: AnyCaller, as_of: AsOf, opening_id: OpeningId = None) -> models.Totals:
        """Return what each kind of insurance comes to."""
        participant_id = await access.admit(caller, who, "participation", opening_id)
        kinds = await reading.of_all_kinds(participant_id, as_of)
        return models.Totals(as_of=views.as_of_text(as_of), kinds=[views.kind_total(kind) for kind in kinds])

    @router.get("/unpaid")
    async def read_unpaid(who: Who, caller: AnyCaller, as_of: AsOf, opening_id: OpeningId = None) -> models.Unpaid:
        """Return the months employers have not paid for, by kind and employer, apart from the paid time (V-25)."""
        participant_id = await access.admit(caller, who, "participation", opening_id)
        kinds = await reading.of_all_kinds(participant_id, as_of)
        return models.Unpaid(as_of=views.as_of_text(as_of), kinds=[views.unpaid_kind(kind) for kind in kinds])


def _add_rows(router: APIRouter, access: Access, reading: ParticipationReading) -> None:
    @router.get("/participation/{kind}", response_model=models.KindParticipation)
    async def read_kind(
        *, who: Who, kind: Kind, caller: AnyCaller, as_of: AsOf, months: Range, opening_id: OpeningId = None
    ) -> Response:
        """Return the rows of a kind, what they come to and why; with `from` and `to` also the time in between."""
        participant_id = await access.admit(caller, who, "participation", opening_id)
        read = await reading.of_kind(participant_id, kind, as_of)
        answer = models.KindParticipation(
            as_of=views.as_of_text(as_of),
            summary=views.kind_total(read),
            rows=views.period_rows(read),
            explanation=views.explanation(read.count, views.employer_names(read.periods)),
            range=None if months is None else await _within(reading, participant_id, read, months, as_of),
            unused=await _unused(reading, participant_id, read, as_of),
        )
        # Written here: FastAPI would check and copy sixty rows once more before it writes them.
        return Response(answer.model_dump_json(), media_type="application/json")

    @router.get("/participation/{kind}/periods/{period_id}")
    async def read_period(
        *, who: Who, kind: Kind, period_id: PeriodId, caller: AnyCaller, as_of: AsOf, opening_id: OpeningId = None
    ) -> models.PeriodAnswer:
        """Return a period in detail, and what was recorded about it since when."""
        participant_id = await access.admit(caller, who, "participation", opening_id)
        return views.period_answer(kind, await reading.period(participant_id, kind, period_id, as_of), as_of)


async def _within(
    reading: ParticipationReading, participant_id: str, read: KindRead, months: Span, as_of: datetime | None
) -> models.RangeTotal:
    social = await reading.of_kind(participant_id, "social", as_of)
    unemployment = await reading.of_kind(participant_id, "unemployment", as_of)
    return models.RangeTotal(
        span=views.months(months),
        total=views.duration(read.within(months).total),
        overall={
            "social": views.duration(social.count.total),
            "unemployment": views.duration(unemployment.count.total),
        },
    )


async def _unused(
    reading: ParticipationReading, participant_id: str, read: KindRead, as_of: datetime | None
) -> models.UnusedTime | None:
    if read.kind != "unemployment":
        return None
    return views.unused_time(await reading.unused(participant_id, read, as_of))
