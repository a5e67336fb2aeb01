"""Dull defaults for declarations; a test shows only what it is about. All people are made up."""

from datetime import UTC, datetime, timedelta
from typing import Any

from ansinh_kit.events import DomainEvent, Metadata, RecordedEvent
from ansinh_kit.testing.given_when_then import Scenario
from registration.domain.declaration import commands as asked
from registration.domain.declaration import events as happened
from registration.domain.declaration.commands import DeclarationCommand, Officer
from registration.domain.declaration.decide import declaration_decider, declaration_events
from registration.domain.declaration.state import Declaration, DeclarationEvent
from registration.domain.form import Form, FormEntries, check_form
from registration.domain.form_copy import PlaceNames
from registration.domain.photos import PHOTO_KINDS, PhotoKind, StoredPhoto
from registration.domain.reasons import Reason

AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
DUE = AT + timedelta(days=3)
DOSSIER = "00018/2026/06601"
AGENCY = "06601"
NAMES = PlaceNames(agency="Bảo hiểm xã hội cơ sở Buôn Ma Thuột", address=("Phường Tân Lợi", "Đắk Lắk"))
OFFICER = Officer("officer-a", AGENCY)
COLLEAGUE = Officer("officer-b", AGENCY)
STRANGER = Officer("officer-c", "00100")
IDS: dict[str, Any] = {"declaration_id": "d" * 32, "person_id": "e" * 32, "occurred_at": AT}

scenario: Scenario[DeclarationCommand, Declaration, DeclarationEvent] = Scenario(
    declaration_decider, declaration_events
)


def entries(**changes: object) -> FormEntries:
    typed: dict[str, object] = {
        "subject_kind": "individual",
        "social_insurance_number": "6600000018",
        "full_name": "Nguyễn Văn Mẫu",
        "identity": {"kind": "citizen_id", "number": "066090000018"},
        "address": {
            "layout": "with_districts",
            "province_code": "66",
            "district_code": "643",
            "ward_code": "24136",
            "street": "Số 1, Phố Thử Nghiệm",
        },
        "phone": "0900 000 018",
        "email": "mau@example.com",
        "agency_code": AGENCY,
        "paper_delivery": "counter",
        "pledge_accepted": True,
    }
    return FormEntries.model_validate(typed | changes)


def form(**changes: object) -> Form:
    return check_form(entries(**changes))


def photo(mark: str = "a") -> StoredPhoto:
    return StoredPhoto(
        file_id=mark * 32, sha256=mark * 64, uploaded_bytes=2_000, size_bytes=1_000, width_pixels=800, height_pixels=600
    )


def contact() -> happened.Contact:
    return happened.Contact(full_name="Nguyễn Văn Mẫu", phone="+84900000018", email="mau@example.com")


def started() -> happened.DeclarationStarted:
    return happened.DeclarationStarted(**IDS, token_hash="f" * 64, language="vi")


def filled_in(**changes: object) -> happened.FormFilledIn:
    return happened.FormFilledIn(**IDS, form=form(**changes))


def attached(kind: PhotoKind, mark: str = "a") -> happened.PhotoAttached:
    return happened.PhotoAttached(**IDS, kind=kind, photo=photo(mark))


def _dossier() -> dict[str, Any]:
    return IDS | {"dossier_number": DOSSIER, "agency_code": AGENCY, "language": "vi", "contact": contact()}


def submitted() -> happened.DeclarationSubmitted:
    return happened.DeclarationSubmitted(**_dossier(), due_at=DUE)


def set_aside() -> happened.DeclarationSetAside:
    return happened.DeclarationSetAside(**_dossier(), due_at=DUE, open_declaration_id="0" * 32)


def claimed(officer: Officer = OFFICER) -> happened.DeclarationClaimed:
    return happened.DeclarationClaimed(**IDS, dossier_number=DOSSIER, agency_code=AGENCY, officer_id=officer.officer_id)


def rejected(*fields: str) -> happened.DeclarationRejected:
    return happened.DeclarationRejected(
        **_dossier(), officer_id=OFFICER.officer_id, rejected_fields=fields, reasons=tuple(reason(f) for f in fields)
    )


def reason(field: str = "full_name", code: str = "other", text: str = "Xin xem lại.") -> Reason:
    return Reason(field=field, code=code, text=text)


def resubmitted(*fields: str) -> happened.DeclarationResubmitted:
    return happened.DeclarationResubmitted(**_dossier(), due_at=DUE, changed_fields=fields)


def residence() -> happened.Residence:
    lives = form().address
    assert lives is not None
    codes = lives.model_dump(exclude={"street"})
    return happened.Residence(**codes, line=", ".join((lives.street, *NAMES.address)))


def found_valid() -> happened.DeclarationFoundValid:
    whole = form()
    assert whole.social_insurance_number is not None
    assert whole.identity is not None
    holder = happened.Holder(
        social_insurance_number=whole.social_insurance_number,
        identity=whole.identity,
        contact=contact(),
        residence=residence(),
    )
    return happened.DeclarationFoundValid(**_dossier(), officer_id=OFFICER.officer_id, holder=holder)


def withdrawn() -> happened.DeclarationWithdrawn:
    return happened.DeclarationWithdrawn(**IDS, dossier_number=DOSSIER, agency_code=AGENCY)


DRAFT: tuple[DeclarationEvent, ...] = (started(), filled_in(), *(attached(kind) for kind in PHOTO_KINDS))
SUBMITTED: tuple[DeclarationEvent, ...] = (*DRAFT, submitted())
CHECKING: tuple[DeclarationEvent, ...] = (*SUBMITTED, claimed())
REJECTED: tuple[DeclarationEvent, ...] = (*CHECKING, rejected("full_name", "portrait"))
VALID: tuple[DeclarationEvent, ...] = (*CHECKING, found_valid())
WITHDRAWN: tuple[DeclarationEvent, ...] = (*SUBMITTED, withdrawn())


def submit(*, open_declaration_id: str | None = None) -> asked.SubmitDeclaration:
    return asked.SubmitDeclaration(
        dossier_number=DOSSIER, due_at=DUE, open_declaration_id=open_declaration_id, names=NAMES, at=AT
    )


def resubmit(*, open_declaration_id: str | None = None) -> asked.ResubmitDeclaration:
    return asked.ResubmitDeclaration(due_at=DUE, open_declaration_id=open_declaration_id, at=AT)


def fill_in(**changes: object) -> asked.FillInForm:
    return asked.FillInForm(form=form(**changes), at=AT)


def attach(kind: PhotoKind, mark: str = "b") -> asked.AttachPhoto:
    return asked.AttachPhoto(kind=kind, photo=photo(mark), at=AT)


def claim(officer: Officer = OFFICER) -> asked.ClaimDeclaration:
    return asked.ClaimDeclaration(officer=officer, at=AT)


def release(officer: Officer = OFFICER) -> asked.ReleaseDeclaration:
    return asked.ReleaseDeclaration(officer=officer, at=AT)


def reject(*reasons: Reason, officer: Officer = OFFICER) -> asked.RejectDeclaration:
    return asked.RejectDeclaration(officer=officer, reasons=reasons, at=AT)


def find_valid(officer: Officer = OFFICER) -> asked.FindDeclarationValid:
    return asked.FindDeclarationValid(officer=officer, names=NAMES, at=AT)


def withdraw() -> asked.WithdrawDeclaration:
    return asked.WithdrawDeclaration(at=AT)


def duplicate_noticed() -> happened.DuplicateNoticed:
    return happened.DuplicateNoticed(**_dossier(), other_declaration_id="0" * 32)


def recorded(event: DomainEvent, *, version: int = 1) -> RecordedEvent:
    return RecordedEvent(
        event=event,
        event_id=f"event-{version}",
        stream_id=f"declaration-{IDS['declaration_id']}",
        version=version,
        position=version,
        recorded_at=AT,
        commit_id=f"commit-{version}",
        metadata=Metadata(correlation_id="test"),
    )
