"""Issuing a participant's notice of a month, once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ansinh_kit.decider import Decider

from records.domain.dispute.events import Contact
from records.domain.language import Language
from records.domain.month import Month
from records.domain.notices.events import NoticeLine, UnpaidNoticeIssued

Issued = frozenset[Month]
"""The months of which a notice has gone out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueNotice:
    """Tell the participant what was late on `judged_on`."""

    participant_id: str
    judged_on: date
    lines: tuple[NoticeLine, ...]
    language: Language
    contact: Contact | None
    at: datetime

    @property
    def month(self) -> Month:
        return Month.containing(self.judged_on)


def decide(command: IssueNotice, state: Issued) -> Sequence[UnpaidNoticeIssued]:
    """Return the notice; none if nothing is late, or this month's has gone out."""
    if not command.lines or command.month in state:
        return []
    notice = UnpaidNoticeIssued(
        participant_id=command.participant_id,
        month=command.month,
        judged_on=command.judged_on,
        occurred_at=command.at,
        language=command.language,
        lines=command.lines,
        contact=command.contact,
    )
    return [notice]


def evolve(state: Issued, event: UnpaidNoticeIssued) -> Issued:
    return state | {event.month}


notices_decider: Decider[IssueNotice, Issued, UnpaidNoticeIssued] = Decider(
    initial=frozenset(), decide=decide, evolve=evolve
)
