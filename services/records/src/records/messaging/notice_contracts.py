"""What the others are told of a notice: that it went out, and sealed whom to tell which months it is about."""

from ansinh_contracts import records as contracts

from records.domain.dispute.events import Contact
from records.domain.notices.events import NoticeLine, UnpaidNoticeIssued


def notice_contract(event: UnpaidNoticeIssued) -> contracts.UnpaidNoticeIssuedV1:
    """Return the integration event. Amounts stay inside: they tell what the person earns."""
    return contracts.UnpaidNoticeIssuedV1(
        participant_id=event.participant_id,
        occurred_at=event.occurred_at,
        month=event.month.iso,
        language=event.language,
        contact=_contact(event.contact),
        lines=None if event.lines is None else tuple(_line(line) for line in event.lines),
    )


def _contact(contact: Contact | None) -> contracts.NoticeContact | None:
    if contact is None:
        return None
    return contracts.NoticeContact(full_name=contact.full_name, phone=contact.phone, email=contact.email)


def _line(line: NoticeLine) -> contracts.UnpaidMonths:
    return contracts.UnpaidMonths(
        kind=line.kind,
        employer=line.employer_name or line.employer_code,
        from_month=line.from_month.iso,
        to_month=line.to_month.iso,
    )
