"""What happened to the ways of reaching a holder. In the stream `account-<account>`.

`phone`, `email` and `second_phone` are those that count from the event on, `earlier` what
the slot held until then. `version` is that of the slot, and grows
with every event here: a code that was sent to an earlier version is void (OTC-03).
"""

from datetime import datetime
from typing import ClassVar

from ansinh_contracts.auth import ContactSlot
from ansinh_contracts.language import Language
from ansinh_kit.events import DomainEvent, OptionalPersonalText, PersonalText


class _ContactEvent(DomainEvent):
    subject_field: ClassVar[str | None] = "person_id"

    account_id: str
    person_id: str
    change_id: str
    slot: ContactSlot
    version: int
    language: Language
    full_name: PersonalText
    phone: PersonalText
    email: OptionalPersonalText = None
    second_phone: OptionalPersonalText = None
    earlier: OptionalPersonalText = None
    happened_at: datetime


class ContactChanged(_ContactEvent):
    """The holder has shown a code sent to the new contact, and one that proves it is the holder who asks.

    `objection_key` names the key of the code by which each of the
    contacts, the earlier one too, can take the change back.
    """

    event_type: ClassVar[str] = "contact_changed"

    objection_key: str | None = None


class ContactConfirmed(DomainEvent):
    """The holder has shown a code sent to a contact that stood unconfirmed on the account."""

    event_type: ClassVar[str] = "contact_confirmed"

    account_id: str
    person_id: str
    slot: ContactSlot
    version: int
    confirmed_at: datetime


class ContactChangeTakenBack(_ContactEvent):
    """Somebody reached by the contact objected: what stood before `change_id` counts again, and the account is locked.

    Changes of the slot after `change_id` are gone as well.
    """

    event_type: ClassVar[str] = "contact_change_taken_back"


class ContactSharingAllowed(DomainEvent):
    """An officer lets the account use a phone or an address that members of the family use too (V-16)."""

    event_type: ClassVar[str] = "contact_sharing_allowed"

    account_id: str
    person_id: str
    officer_id: str
    agency_code: str
    allowed_at: datetime


ContactEvent = ContactChanged | ContactConfirmed | ContactChangeTakenBack | ContactSharingAllowed
CONTACT_EVENTS: tuple[type[DomainEvent], ...] = (
    ContactChanged,
    ContactConfirmed,
    ContactChangeTakenBack,
    ContactSharingAllowed,
)
