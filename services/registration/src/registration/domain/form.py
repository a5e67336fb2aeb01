"""The declaration form: what a person types, what is kept, and which fields must be there at the end."""

from typing import Final

from pydantic import BaseModel, ConfigDict, StrictBool

from registration.domain.rules import choices, codes, email, identity, phone, text
from registration.domain.rules.address import Address, AddressEntries, check_address
from registration.domain.rules.certificate import Certificate, CertificateEntries, check_certificate
from registration.domain.rules.entry import Entry
from registration.domain.rules.identity import IdentityDocument
from registration.domain.rules.refusal import Checks, Rule, Text

IDENTITY_WHOLE: Final = Rule(
    "identity_whole",
    Text("Cần cả loại và số giấy tờ tùy thân.", "Both the kind and the number of the paper are needed."),
    Text("Chọn loại giấy tờ rồi nhập số.", "Choose the kind of paper, then type the number."),
)
REQUIRED_FIELDS: Final = (
    "social_insurance_number",
    "full_name",
    "identity",
    "address",
    "phone",
    "agency_code",
    "paper_delivery",
    "pledge_accepted",
)


class IdentityEntries(BaseModel):
    """An identity paper as typed, not yet checked."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Entry | None = None
    number: Entry | None = None


class FormEntries(BaseModel):
    """The form as typed. Any field may be missing while the person is still filling it in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    subject_kind: Entry | None = None
    social_insurance_number: Entry | None = None
    full_name: Entry | None = None
    identity: IdentityEntries | None = None
    address: AddressEntries | None = None
    contact_person: Entry | None = None
    phone: Entry | None = None
    email: Entry | None = None
    send_by_email: StrictBool = False
    certificate: CertificateEntries | None = None
    transaction_channel: Entry | None = None
    agency_code: Entry | None = None
    paper_delivery: Entry | None = None
    pledge_accepted: StrictBool = False


class Form(BaseModel):
    """The form as kept: every value that is there obeys its rule and is in its one normal form."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    subject_kind: choices.SubjectKind | None = None
    social_insurance_number: str | None = None
    full_name: str | None = None
    identity: IdentityDocument | None = None
    address: Address | None = None
    contact_person: str | None = None
    phone: str | None = None
    email: str | None = None
    send_by_email: bool = False
    certificate: Certificate | None = None
    transaction_channel: choices.TransactionChannel | None = None
    agency_code: str | None = None
    paper_delivery: choices.PaperDelivery | None = None
    pledge_accepted: bool = False

    def missing(self) -> tuple[str, ...]:
        """Return the required fields that are still empty, in the order of the form."""
        return tuple(name for name in REQUIRED_FIELDS if not getattr(self, name))

    def changed_since(self, earlier: "Form") -> frozenset[str]:
        """Return the names of the fields whose values differ."""
        return frozenset(name for name in Form.model_fields if getattr(self, name) != getattr(earlier, name))


def check_form(entries: FormEntries) -> Form:
    """Return the form in its normal form; fields left empty stay empty.

    Raises:
        FormRefusedError: Names every field that breaks its rule.
    """
    checks = Checks()
    form = Form(
        subject_kind=checks.value("subject_kind", entries.subject_kind, choices.subject_kind),
        social_insurance_number=checks.value(
            "social_insurance_number", entries.social_insurance_number, codes.social_insurance_number
        ),
        full_name=checks.value("full_name", entries.full_name, text.person_name),
        identity=_identity(entries.identity, checks),
        address=None if entries.address is None else check_address(entries.address, checks),
        contact_person=checks.value("contact_person", entries.contact_person, text.person_name),
        phone=checks.value("phone", entries.phone, phone.mobile_phone),
        email=checks.value("email", entries.email, email.email),
        send_by_email=entries.send_by_email,
        certificate=None if entries.certificate is None else check_certificate(entries.certificate, checks),
        transaction_channel=checks.value(
            "transaction_channel", entries.transaction_channel, choices.transaction_channel
        ),
        agency_code=checks.value("agency_code", entries.agency_code, codes.agency_code),
        paper_delivery=checks.value("paper_delivery", entries.paper_delivery, choices.paper_delivery),
        pledge_accepted=entries.pledge_accepted,
    )
    if form.send_by_email and form.email is None and not any(refusal.field == "email" for refusal in checks.refusals):
        checks.refuse("email", email.EMAIL_NEEDED)
    checks.close()
    return form


def _identity(entries: IdentityEntries | None, checks: Checks) -> IdentityDocument | None:
    if entries is None:
        return None
    noted = len(checks.refusals)
    kind = checks.value("identity.kind", entries.kind, identity.identity_kind)
    if len(checks.refusals) > noted:
        return None
    if kind is None:
        if entries.number and entries.number.strip():
            checks.refuse("identity.kind", IDENTITY_WHOLE)
        return None
    number = checks.value("identity.number", entries.number, lambda raw: identity.identity_number(raw, kind))
    if number is None:
        if len(checks.refusals) == noted:
            checks.refuse("identity.number", IDENTITY_WHOLE)
        return None
    return IdentityDocument(kind=kind, number=number)
