"""Benefits in four tabs: one document per participant and tab, each benefit with all its versions (S-37 to S-40)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from ansinh_kit.database import Document
from ansinh_kit.events import ERASED, RecordedEvent
from ansinh_kit.projections.projection import ViewIndex

from records.domain.benefits import events as happened
from records.domain.benefits.benefit import HeldBenefit, Payment
from records.domain.benefits.kinds import Tab
from records.projections.versioned_rows import (
    Rows,
    StandingRow,
    ended,
    last_value,
    revised,
    rows_of,
    standing_rows,
    versions_by,
)

_BENEFITS: Final = "benefits"
_PAYMENTS: Final = "payments"


class BenefitTabs:
    """Documents `<participant>/<tab>`.

    Payments are rows of their own: a pension is paid for decades, and every payment inside its benefit would be
    copied with every version of it.
    """

    name = "benefit_tabs"
    version = 1
    indexes: Sequence[ViewIndex] = ()
    personal_fields: frozenset[str] = frozenset({_BENEFITS, _PAYMENTS})

    def subject_of(self, document: Document) -> str:
        return str(document["participant_id"])

    def keys(self, event: RecordedEvent) -> Iterable[str]:
        match event.event:
            case happened.BenefitsMoved() | happened.BenefitsTakenOver() as all_of_them:
                return [tab_key(all_of_them.participant_id, tab) for tab in all_of_them.tabs]
            case (
                happened.BenefitGranted()
                | happened.BenefitCorrected()
                | happened.BenefitPaid()
                | happened.BenefitPaymentCorrected()
                | happened.BenefitStopped()
                | happened.BenefitStopCorrected()
                | happened.BenefitWithdrawn()
            ) as one:
                return [tab_key(one.participant_id, one.tab)]
            case _:
                return []

    def fold(self, key: str, document: Document | None, event: RecordedEvent) -> Document | None:
        participant_id, tab = key.split("/")
        before = document or {"participant_id": participant_id, "tab": tab, _BENEFITS: {}, _PAYMENTS: {}}
        if before[_BENEFITS] == ERASED or _is_erased(event.event):
            return before | {_BENEFITS: ERASED, _PAYMENTS: ERASED}
        benefits = _benefits_after(rows_of(before, _BENEFITS), tab, event)
        payments = _payments_after(rows_of(before, _PAYMENTS), tab, event)
        return before | {_BENEFITS: benefits, _PAYMENTS: payments}


@dataclass(frozen=True, slots=True)
class BenefitSeen:
    """A benefit as it stood: since when and by which event as a whole, and each of its payments, newest first."""

    row: StandingRow
    held: HeldBenefit
    payments: tuple[tuple[StandingRow, Payment], ...]


def tab_key(participant_id: str, tab: Tab) -> str:
    return f"{participant_id}/{tab}"


def benefits_at(document: Document | None, as_of: datetime | None) -> list[BenefitSeen]:
    """Return the tab's benefits as they stood at `as_of`, the one that began last first."""
    payments = _payments_at(document, as_of)
    standing = standing_rows(rows_of(document, _BENEFITS), as_of)
    seen = [_seen(row, payments.get(row.row_id, [])) for row in standing]
    return sorted(seen, key=lambda each: (each.held.benefit.from_date, each.row.row_id), reverse=True)


def benefit_versions(document: Document | None, benefit_id: str, as_of: datetime | None) -> list[BenefitSeen]:
    """Return what was said of one benefit and its end by `as_of`, newest first; without payments."""
    return [_seen(row, []) for row in versions_by(rows_of(document, _BENEFITS), benefit_id, as_of)]


def _payments_at(document: Document | None, as_of: datetime | None) -> dict[str, list[tuple[StandingRow, Payment]]]:
    found: dict[str, list[tuple[StandingRow, Payment]]] = {}
    for row in standing_rows(rows_of(document, _PAYMENTS), as_of):
        payment = Payment.model_validate(row.value["payment"])
        found.setdefault(row.value["benefit_id"], []).append((row, payment))
    return found


def _seen(row: StandingRow, payments: list[tuple[StandingRow, Payment]]) -> BenefitSeen:
    newest_first = sorted(payments, key=lambda each: (each[1].natural_key, each[0].row_id), reverse=True)
    held = HeldBenefit.model_validate(
        {"benefit_id": row.row_id, **row.value, "payments": {paid.row_id: payment for paid, payment in payments}}
    )
    return BenefitSeen(row, held, tuple(newest_first))


def _is_erased(event: object) -> bool:
    match event:
        case happened.BenefitGranted(benefit=None) | happened.BenefitCorrected(benefit=None):
            return True
        case happened.BenefitPaid(payment=None) | happened.BenefitPaymentCorrected(payment=None):
            return True
        case happened.BenefitStopped(stop=None) | happened.BenefitStopCorrected(stop=None):
            return True
        case happened.BenefitsTakenOver(benefits=None):
            return True
        case _:
            return False


def _benefits_after(benefits: Rows, tab: str, event: RecordedEvent) -> Rows:
    match event.event:
        case happened.BenefitsMoved():
            return ended(benefits, benefits, event)
        case happened.BenefitWithdrawn() as withdrawn:
            return ended(benefits, [withdrawn.benefit_id], event)
        case happened.BenefitsTakenOver() as taken:
            for held in _of_tab(taken, tab):
                value = held.model_dump(mode="json", include={"benefit", "stop"})
                benefits = revised(benefits, held.benefit_id, event, value)
            return benefits
        case happened.BenefitGranted() | happened.BenefitCorrected() as said if said.benefit is not None:
            before = last_value(benefits, said.benefit_id) or {"stop": None}
            after = before | {"benefit": said.benefit.model_dump(mode="json")}
            return revised(benefits, said.benefit_id, event, after)
        case happened.BenefitStopped() | happened.BenefitStopCorrected() as stopped if stopped.stop is not None:
            before = last_value(benefits, stopped.benefit_id) or {}
            after = before | {"stop": stopped.stop.model_dump(mode="json")}
            return revised(benefits, stopped.benefit_id, event, after)
        case _:
            return benefits


def _payments_after(payments: Rows, tab: str, event: RecordedEvent) -> Rows:
    match event.event:
        case happened.BenefitsMoved():
            return ended(payments, payments, event)
        case happened.BenefitWithdrawn() as withdrawn:
            return ended(payments, _payments_of(payments, withdrawn.benefit_id), event)
        case happened.BenefitsTakenOver() as taken:
            for held in _of_tab(taken, tab):
                for payment_id, payment in held.payments.items():
                    payments = revised(payments, payment_id, event, _paid(held.benefit_id, payment))
            return payments
        case happened.BenefitPaid() | happened.BenefitPaymentCorrected() as paid if paid.payment is not None:
            return revised(payments, paid.payment_id, event, _paid(paid.benefit_id, paid.payment))
        case _:
            return payments


def _payments_of(payments: Rows, benefit_id: str) -> list[str]:
    values = {payment_id: last_value(payments, payment_id) for payment_id in payments}
    return [payment_id for payment_id, value in values.items() if value and value["benefit_id"] == benefit_id]


def _of_tab(taken: happened.BenefitsTakenOver, tab: str) -> list[HeldBenefit]:
    return [held for held in taken.benefits or () if held.tab == tab]


def _paid(benefit_id: str, payment: Payment) -> Document:
    return {"benefit_id": benefit_id, "payment": payment.model_dump(mode="json")}
