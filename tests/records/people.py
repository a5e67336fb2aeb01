"""Made-up participants with dull values; a test states only what it is about."""

from datetime import UTC, datetime
from typing import Any

from records.domain.birth_date import BirthDate
from records.domain.offices import Officer
from records.domain.papers import IdentityPaper
from records.domain.participant import commands as asked
from records.domain.participant import events as happened
from records.domain.participant.details import Contact, Identity, Numbers
from records.domain.place import Place

AT = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
PID = "a" * 32
OTHER_PID = "b" * 32
PERSON = "c" * 32
AGENCY = "06601"
IDS: dict[str, Any] = {"participant_id": PID, "occurred_at": AT}
OFFICER = Officer("officer-a", AGENCY, "officer")
PROVINCIAL = Officer("officer-p", "066", "officer")
STRANGER = Officer("officer-c", "07901", "officer")
PLACE = Place(layout="with_districts", province_code="66", district_code="643", ward_code="24136")
CITIZEN_CARD = IdentityPaper(kind="citizen_id", number="066090000018")


def identity(**changes: Any) -> Identity:  # noqa: ANN401  # whatever the field takes
    values = {"full_name": "Nguyễn Văn Mẫu", "birth_date": BirthDate("1990-03-17"), "sex": "male"}
    return Identity.model_validate(values | changes)


def numbers(social_insurance_number: str = "6600000018", *papers: IdentityPaper) -> Numbers:
    return Numbers(social_insurance_number=social_insurance_number, papers=papers or (CITIZEN_CARD,))


def contact(**changes: Any) -> Contact:  # noqa: ANN401  # whatever the field takes
    values = {"address": "Số 1, Phố Thử Nghiệm, Tân Lợi, Đắk Lắk", "phone": "+84900000018"}
    return Contact.model_validate(values | changes)


def registered(**changes: Any) -> happened.ParticipantRegistered:  # noqa: ANN401  # whatever the field takes
    values: dict[str, Any] = {
        **IDS,
        "agency_code": AGENCY,
        "source": "agency",
        "identity": identity(),
        "numbers": numbers(),
        "contact": contact(),
    }
    return happened.ParticipantRegistered(**(values | changes))


def register(**changes: Any) -> asked.RegisterParticipant:  # noqa: ANN401  # whatever the field takes
    values: dict[str, Any] = {
        "participant_id": PID,
        "agency_code": AGENCY,
        "source": "agency",
        "identity": identity(),
        "numbers": numbers(),
        "contact": contact(),
        "at": AT,
    }
    return asked.RegisterParticipant(**(values | changes))


def link(**changes: Any) -> asked.LinkAccount:  # noqa: ANN401  # whatever the field takes
    values: dict[str, Any] = {
        "person_id": PERSON,
        "declaration_id": "d" * 32,
        "dossier_number": "00018/2026/06601",
        "full_name": "Nguyễn Văn Mẫu",
        "social_insurance_number": "6600000018",
        "paper": CITIZEN_CARD,
        "contact": contact(),
        "paper_of_another": False,
        "at": AT,
    }
    return asked.LinkAccount(**(values | changes))


LINK: dict[str, Any] = {
    **IDS,
    "person_id": PERSON,
    "declaration_id": "d" * 32,
    "dossier_number": "00018/2026/06601",
}


def linked() -> happened.AccountLinked:
    return happened.AccountLinked(**LINK)


def held(*mismatches: happened.Mismatch) -> happened.AccountLinkHeld:
    return happened.AccountLinkHeld(**LINK, agency_code=AGENCY, mismatches=mismatches or ("full_name",))


def contact_declared(**changes: Any) -> happened.ContactDeclared:  # noqa: ANN401  # whatever the field takes
    return happened.ContactDeclared(**IDS, person_id=PERSON, contact=contact(**changes))


def begun(merge_id: str = "1" * 32, duplicate_id: str = OTHER_PID) -> happened.MergeBegun:
    return happened.MergeBegun(**IDS, merge_id=merge_id, duplicate_id=duplicate_id, officer_id="officer-a")
