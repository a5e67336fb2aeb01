"""Dull defaults for openings and disputes. All people are made up."""

from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from records.domain.dispute import events as disputed
from records.domain.dispute.matter import Matter, Outcome
from records.domain.offices import Officer
from records.domain.opening.events import RecordOpened, RecordReadByStaff
from records.domain.parts import Part, Scope

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DUE = AT + timedelta(days=14)
LASTS = timedelta(minutes=15)
PARTICIPANT = "a" * 32
OPENING = "0" * 32
DISPUTE = "d" * 32
NUMBER = "PA000018/2026/06601"
AGENCY = "06601"
PROVINCE = "066"
REASON = "Đối chiếu quá trình đóng theo đơn của người lao động"
WORDS = "Tôi đã đóng đủ tháng 03/2021 nhưng sổ không có."
ANSWER = "Chúng tôi đã đối chiếu và bổ sung tháng 03/2021."
OFFICER = Officer("officer-a", AGENCY, "officer")
COLLEAGUE = Officer("officer-b", AGENCY, "officer")
PROVINCIAL = Officer("officer-p", PROVINCE, "officer")
MATTER = Matter("period", "b" * 32)
STRANGER = Officer("officer-c", "07901", "officer")

_OPENING: dict[str, Any] = {
    "opening_id": OPENING,
    "participant_id": PARTICIPANT,
    "officer_id": OFFICER.officer_id,
    "agency_code": AGENCY,
    "role": "officer",
}
_DISPUTE: dict[str, Any] = {"dispute_id": DISPUTE, "participant_id": PARTICIPANT}


def record_opened(*, scope: Scope = "record") -> RecordOpened:
    return RecordOpened(**_OPENING, occurred_at=AT, scope=scope, reason=REASON, closes_at=AT + LASTS)


def record_read(part: Part, *, at: datetime = AT) -> RecordReadByStaff:
    return RecordReadByStaff(**_OPENING, occurred_at=at, part=part)


def contact() -> disputed.Contact:
    return disputed.Contact(full_name="Nguyễn Văn Mẫu", phone="+84900000018", email="mau@example.com")


def _told() -> dict[str, Any]:
    return _DISPUTE | {"number": NUMBER, "language": "vi", "contact": contact()}


def dispute_opened(
    matter: Matter = MATTER, *, opened_by: Literal["participant", "guardian"] = "participant"
) -> disputed.DisputeOpened:
    return disputed.DisputeOpened(
        **_told(),
        occurred_at=AT,
        subject=matter.subject,
        reference=matter.reference,
        agency_code=AGENCY,
        opened_by=opened_by,
        words=WORDS,
        due_at=DUE,
    )


def dispute_assigned(officer: Officer = OFFICER, *, at: datetime = AT) -> disputed.DisputeAssigned:
    return disputed.DisputeAssigned(
        **_DISPUTE, occurred_at=at, officer_id=officer.officer_id, agency_code=officer.agency_code
    )


def dispute_answered(officer: Officer = OFFICER, *, at: datetime = AT) -> disputed.DisputeAnswered:
    return disputed.DisputeAnswered(**_told(), occurred_at=at, officer_id=officer.officer_id, answer=ANSWER)


def dispute_escalated(*, at: datetime = DUE + timedelta(minutes=1)) -> disputed.DisputeEscalated:
    return disputed.DisputeEscalated(**_DISPUTE, occurred_at=at, due_at=DUE, escalated_to=PROVINCE)


def dispute_settled(
    outcome: Outcome = "corrected", officer: Officer = OFFICER, *, at: datetime = AT
) -> disputed.DisputeSettled:
    by_officer = outcome != "withdrawn"
    return disputed.DisputeSettled(
        **_told(),
        occurred_at=at,
        outcome=outcome,
        officer_id=officer.officer_id if by_officer else None,
        answer=ANSWER if by_officer else None,
    )
