"""The four tabs of benefits, and one benefit in detail (S-37 to S-40)."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Final

from ansinh_kit.clock import Clock
from ansinh_kit.http.callers import AnyCaller
from fastapi import APIRouter, Path

from records.api import benefit_models as models
from records.api.access import Access, OpeningId, Who
from records.api.as_of import VIET_NAM, AsOf
from records.api.feeding import BilingualAnswer
from records.domain.benefits.benefit import HeldBenefit, Stop
from records.domain.benefits.kinds import KIND_LABELS, NOTHING_YET, TAB_LABELS, Tab
from records.domain.feeding.errors import RowNotFoundError
from records.domain.language import Text
from records.handlers.row_history import RowHistory
from records.projections.benefits import BenefitSeen, benefit_versions, benefits_at, tab_key

BenefitId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
_NOTHING: Final = Decimal("0.00")


def benefit_routes(*, access: Access, tabs: RowHistory, clock: Clock) -> APIRouter:
    router = APIRouter(prefix="/v1/participants/{who}/benefits", tags=["benefits"])

    @router.get("/{tab}")
    async def read_tab(
        who: Who, tab: Tab, caller: AnyCaller, as_of: AsOf, opening_id: OpeningId = None
    ) -> models.BenefitList:
        """Return all benefits of the tab as the records said at `as_of`, those that ended included."""
        participant_id = await access.admit(caller, who, "benefits", opening_id)
        seen = benefits_at(
            await tabs.get(tab_key(participant_id, tab), as_of), as_of, also_withdrawn=caller.kind == "staff"
        )
        day = day_of(as_of or clock.now())
        return models.BenefitList(
            tab=tab,
            label=_bilingual(TAB_LABELS[tab]),
            nothing_yet=None if seen else _bilingual(NOTHING_YET[tab]),
            benefits=[benefit_line(each, day) for each in seen],
        )

    @router.get("/{tab}/{benefit_id}")
    async def read_benefit(
        *, who: Who, tab: Tab, benefit_id: BenefitId, caller: AnyCaller, as_of: AsOf, opening_id: OpeningId = None
    ) -> models.BenefitDetail:
        """Return one benefit in detail, with its payments and every version that was recorded by `as_of`."""
        participant_id = await access.admit(caller, who, "benefits", opening_id)
        document = await tabs.get(tab_key(participant_id, tab), as_of)
        shown = benefits_at(document, as_of, also_withdrawn=caller.kind == "staff")
        seen = next((each for each in shown if each.row.row_id == benefit_id), None)
        if seen is None:
            raise RowNotFoundError
        return _detail(seen, benefit_versions(document, benefit_id, as_of), day_of(as_of or clock.now()))

    return router


def day_of(moment: datetime) -> date:
    """Return the day in Viet Nam."""
    return moment.astimezone(VIET_NAM).date()


def benefit_line(seen: BenefitSeen, day: date) -> models.BenefitLine:
    """Return the benefit as the list shows it, with its state on `day`."""
    benefit = seen.held.benefit
    return models.BenefitLine(
        benefit_id=seen.row.row_id,
        kind=benefit.kind,
        label=_bilingual(KIND_LABELS[benefit.kind]),
        state=_state(seen.held, day),
        decision_number=benefit.decision_number,
        decided_on=benefit.decided_on,
        agency_code=benefit.agency_code,
        from_date=benefit.from_date,
        to_date=benefit.to_date,
        amount=benefit.amount,
        paid_total=sum((payment.amount for _, payment in seen.payments), _NOTHING),
        last_paid_on=max((payment.paid_on for _, payment in seen.payments), default=None),
        since=seen.row.since,
        event_id=seen.row.event_id,
    )


def payment_lines(seen: BenefitSeen) -> list[models.PaymentLine]:
    """Return what was paid of the benefit, newest first."""
    return [
        models.PaymentLine(payment_id=row.row_id, **dict(payment), since=row.since, event_id=row.event_id)
        for row, payment in seen.payments
    ]


def _detail(seen: BenefitSeen, versions: list[BenefitSeen], day: date) -> models.BenefitDetail:
    return models.BenefitDetail(
        **dict(benefit_line(seen, day)),
        benefit=seen.held.benefit,
        stop=_stop(seen.held.stop),
        payments=payment_lines(seen),
        versions=[
            models.BenefitVersion(
                benefit=version.held.benefit,
                stop=_stop(version.held.stop),
                since=version.row.since,
                event_id=version.row.event_id,
            )
            for version in versions
        ],
    )


def _state(held: HeldBenefit, day: date) -> models.BenefitState:
    if held.stop is not None and held.stop.stopped_on <= day:
        return "stopped"
    return "paid" if held.payments else "granted"


def _stop(stop: Stop | None) -> models.StopAnswer | None:
    return None if stop is None else models.StopAnswer(stopped_on=stop.stopped_on, reason=stop.reason)


def _bilingual(text: Text) -> BilingualAnswer:
    return BilingualAnswer(vi=text.vi, en=text.en)
