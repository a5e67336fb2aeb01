"""The person behind an account, how to reach them, and which changes of that can still be objected to."""

from datetime import datetime

from ansinh_contracts.auth import ContactSlot
from ansinh_contracts.language import Language
from pydantic import BaseModel, ConfigDict

from auth.domain.e_id.state import EIdState
from auth.domain.staff import covers


class Contact(BaseModel):
    """A phone or an address. `confirmed`: somebody who is in the account has shown a code that was sent there."""

    model_config = ConfigDict(frozen=True)

    value: str
    confirmed: bool


class StandingChange(BaseModel):
    """A change that was not taken back; `before` is what counted until then."""

    model_config = ConfigDict(frozen=True)

    change_id: str
    slot: ContactSlot
    before: Contact | None
    changed_at: datetime


class Holder(BaseModel):
    """The person. `versions` has one number a slot that ever held a contact, and grows with every change of it."""

    model_config = ConfigDict(frozen=True)

    account_id: str
    person_id: str
    social_insurance_number: str
    identity_number: str
    full_name: str
    language: Language
    contacts: dict[ContactSlot, Contact]
    versions: dict[ContactSlot, int]

    @property
    def phone(self) -> str:
        """The registered phone, in E.164."""
        return self.contacts["phone"].value

    @property
    def phone_version(self) -> int:
        return self.versions["phone"]

    @property
    def email(self) -> str | None:
        return self.value("email")

    def value(self, slot: ContactSlot) -> str | None:
        contact = self.contacts.get(slot)
        return None if contact is None else contact.value

    def version(self, slot: ContactSlot) -> int:
        """Return the slot's version; 0 if it never held a contact."""
        return self.versions.get(slot, 0)

    def known_words(self) -> tuple[str, ...]:
        """Return what a stranger may know of the person, and no password may be made of (LIM-03)."""
        contacts = (contact.value for contact in self.contacts.values())
        return (self.social_insurance_number, self.identity_number, self.full_name, *contacts)

    def is_confirmed(self, slot: ContactSlot) -> bool:
        contact = self.contacts.get(slot)
        return contact is not None and contact.confirmed


class Account(BaseModel):
    """`declarations` and `dossiers` are those this account answers for: the first opened it.

    `agency_code` is of the agency in charge of it, `agency_since` the moment it found the declaration valid (ADR-0023).
    `left` are contacts it had and has not now, in the form in which two spellings of one are equal.
    """

    model_config = ConfigDict(frozen=True)

    holder: Holder | None = None
    declarations: tuple[str, ...] = ()
    dossiers: tuple[str, ...] = ()
    agency_code: str | None = None
    agency_since: datetime | None = None
    changes: tuple[StandingChange, ...] = ()
    may_share_contacts: bool = False
    left: frozenset[tuple[str, str]] = frozenset()
    e_id: EIdState = EIdState()

    def is_in_charge(self, agency_code: str) -> bool:
        """Say whether the account is the agency's business: its own, or a grassroots office's under it."""
        return self.agency_code is not None and covers(agency_code, self.agency_code)
