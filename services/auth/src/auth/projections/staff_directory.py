"""One document per member of staff, with the name they log in with: for those who look after them."""

from collections.abc import Iterable, Sequence

from ansinh_kit.database import Document
from ansinh_kit.events import RecordedEvent
from ansinh_kit.projections.projection import ViewIndex

from auth.domain.staff_roster.events import MemberEnrolled, MemberInvited, RosterEvent
from auth.domain.staff_roster.folding import evolve
from auth.domain.staff_roster.roster import Member, Roster

_PROVINCIAL_DIGITS = 3


class StaffDirectory:
    """`offices` are the agency and the provincial one above it: what a supervisor of either asks for."""

    name = "staff_directory"
    version = 1
    indexes: Sequence[ViewIndex] = (ViewIndex({"offices": 1, "role": 1}),)
    personal_fields: frozenset[str] = frozenset({"user_name"})

    def subject_of(self, document: Document) -> str:
        return str(document["staff_id"])

    def keys(self, event: RecordedEvent) -> Iterable[str]:
        return [event.event.staff_id] if isinstance(event.event, RosterEvent) else []

    def fold(self, key: str, document: Document | None, event: RecordedEvent) -> Document | None:
        fact = event.event
        if not isinstance(fact, RosterEvent):
            return document
        if isinstance(fact, MemberEnrolled | MemberInvited):
            return _document(key, fact.user_name, evolve(Roster(), fact).members[key])
        if document is None:
            return None
        member = Member.model_validate(document["member"])
        return _document(key, document["user_name"], evolve(Roster(members={key: member}), fact).members[key])


def _document(staff_id: str, user_name: str, member: Member) -> Document:
    return {
        "staff_id": staff_id,
        "user_name": user_name,
        "standing": member.standing,
        "role": member.role,
        "agency_code": member.agency_code,
        "offices": sorted({member.agency_code, member.agency_code[:_PROVINCIAL_DIGITS]}),
        "member": member.model_dump(mode="json"),
    }
