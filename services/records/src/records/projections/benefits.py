"""Benefits in four tabs: one document per participant and tab, each benefit with all its versions (S-37 to S-40).

A benefit or payment is withdrawn because it never was, or because it is another person's. As with visits, what it said
is then shown of an earlier day to staff alone: `withdrawn` names such rows (ADR-0021).
"""

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
from records.projections.benefit_rows import benefits_after, is_erased, payments_after, withdrawn_after
from records.projections.versioned_rows import StandingRow, rows_of, standing_rows, versions_by, without

_BENEFITS: Final = "benefits"
_PAYMENTS: Final = "payments"
_WITHDRAWN: Final = "withdrawn"


class BenefitTabs:
    """Documents `<participant>/<tab>`.

    Payments are rows of their own: a pension is paid for decades, and every payment inside its benefit would be
    copied with every version of it.
    """

    name = "benefit_tabs"
    version = 2
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
                | happened.BenefitPaymentWithdrawn()
                | happened.BenefitStopWithdrawn()
            ) as one:
                return [tab_key(one.participant_id, one.tab)]
            case _:
                return []

    def fold(self, key: str, document: Document | None, event: RecordedEvent) -> Document | None:
        participant_id, tab = key.split("/")
        empty: Document = {"participant_id": participant_id, "tab": tab, _BENEFITS: {}, _PAYMENTS: {}, _WITHDRAWN: []}
        before = document or empty
        if before[_BENEFITS] == ERASED or is_erased(event.event):
            return before | {_BENEFITS: ERASED, _PAYMENTS: ERASED}
        benefits, payments = rows_of(before, _BENEFITS), rows_of(before, _PAYMENTS)
        return before | {
            _BENEFITS: benefits_after(benefits, tab, event),
            _PAYMENTS: payments_after(payments, tab, event),
            _WITHDRAWN: withdrawn_after(before[_WITHDRAWN], payments, event),
        }


@dataclass(frozen=True, slots=True)
class BenefitSeen:
    """A benefit as it stood: since when and by which event as a whole, and each of its payments, newest first."""

    row: StandingRow
    held: HeldBenefit
    payments: tuple[tuple[StandingRow, Payment], ...]


def tab_key(participant_id: str, tab: Tab) -> str:
    return f"{participant_id}/{tab}"


def benefits_at(
    document: Document | None, as_of: datetime | None, *, also_withdrawn: bool = False
) -> list[BenefitSeen]:
    """Return the tab's benefits as they stood at `as_of`, the one that began last first.

    Args:
        also_withdrawn: Show at an earlier `as_of` what was withdrawn since. It may be another person's: for staff only.
    """
    hidden = () if also_withdrawn or document is None else document[_WITHDRAWN]
    payments = _by_benefit(standing_rows(without(rows_of(document, _PAYMENTS), hidden), as_of))
    standing = standing_rows(without(rows_of(document, _BENEFITS), hidden), as_of)
    seen = [_seen(row, payments.get(row.row_id, [])) for row in standing]
    seen = seen if as_of is None else _each_once(seen)
    return sorted(seen, key=lambda each: (each.held.benefit.from_date, each.row.row_id), reverse=True)


def _each_once(benefits: Iterable[BenefitSeen]) -> list[BenefitSeen]:
    """Leave out what another one says, too: before a merge both records may have held a benefit."""
    kept: list[BenefitSeen] = []
    for each in benefits:
        if not any(each.held.says_no_more_than(one.held) for one in kept):
            kept = [one for one in kept if not one.held.says_no_more_than(each.held)] + [each]
    return kept


def benefit_versions(document: Document | None, benefit_id: str, as_of: datetime | None) -> list[BenefitSeen]:
    """Return what was said of one benefit and its end by `as_of`, newest first; without payments."""
    return [_seen(row, []) for row in versions_by(rows_of(document, _BENEFITS), benefit_id, as_of)]


def _by_benefit(payments: Iterable[StandingRow]) -> dict[str, list[tuple[StandingRow, Payment]]]:
    found: dict[str, list[tuple[StandingRow, Payment]]] = {}
    for row in payments:
        payment = Payment.model_validate(row.value["payment"])
        found.setdefault(row.value["benefit_id"], []).append((row, payment))
    return found


def _seen(row: StandingRow, payments: list[tuple[StandingRow, Payment]]) -> BenefitSeen:
    newest_first = sorted(payments, key=lambda each: (each[1].natural_key, each[0].row_id), reverse=True)
    held = HeldBenefit.model_validate(
        {"benefit_id": row.row_id, **row.value, "payments": {paid.row_id: payment for paid, payment in payments}}
    )
    return BenefitSeen(row, held, tuple(newest_first))
