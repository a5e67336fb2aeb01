"""The rules of changing a contact: what was proved before is not asked here; who may have it is `contact_seats`."""

from datetime import datetime, timedelta
from typing import Any, ClassVar, Final, assert_never, get_args

from ansinh_contracts.auth import ContactSlot
from ansinh_kit.errors import NotFoundError, RefusedError

from auth.domain.contact_commands import (
    AllowSharing,
    ChangeContact,
    ConfirmContact,
    ContactCommand,
    TakeBackChange,
)
from auth.domain.contact_events import (
    ContactChanged,
    ContactChangeTakenBack,
    ContactConfirmed,
    ContactEvent,
    ContactSharingAllowed,
)
from auth.domain.contact_values import comparable
from auth.domain.holder import Account, Contact, Holder, StandingChange

OBJECTION_LIFE: Final = timedelta(days=14)


class NoHolderError(RefusedError):
    code: ClassVar[str] = "account_not_open"


class ContactMovedOnError(RefusedError):
    """The contact was changed since this change of it was begun."""

    code: ClassVar[str] = "contact_changed_meanwhile"


class ContactUnchangedError(RefusedError):
    """The account has this contact already: in this slot, and confirmed, or in another one."""

    code: ClassVar[str] = "contact_unchanged"


class ChangeNotStandingError(RefusedError):
    """There is no such change any more that could be taken back: it was, or the time to object is over."""

    code: ClassVar[str] = "change_not_standing"


def decide_contact(command: ContactCommand, state: Account) -> list[ContactEvent]:
    if state.holder is None:
        raise NoHolderError
    match command:
        case ChangeContact():
            return [_changed(command, state.holder)]
        case ConfirmContact():
            return _confirmed_as_it_is(command, state.holder)
        case TakeBackChange():
            return [_taken_back(command, state, state.holder)]
        case AllowSharing():
            return _sharing_allowed(command, state, state.holder)
        case _:
            assert_never(command)


def check_change(slot: ContactSlot, value: str, holder: Holder) -> None:
    """Refuse a change that would change nothing.

    Raises:
        ContactUnchangedError: The account has this contact.
    """
    wanted = comparable(slot, value)
    for other, contact in holder.contacts.items():
        may_be_confirmed = other == slot and not contact.confirmed
        if comparable(other, contact.value) == wanted and not may_be_confirmed:
            raise ContactUnchangedError


def _changed(command: ChangeContact, holder: Holder) -> ContactEvent:
    if holder.version(command.slot) != command.base_version:
        raise ContactMovedOnError
    check_change(command.slot, command.value, holder)
    earlier = holder.value(command.slot)
    if earlier == command.value:
        return _confirmed(command, holder)
    new = Contact(value=command.value, confirmed=True)
    return ContactChanged(
        change_id=command.change_id,
        slot=command.slot,
        version=command.base_version + 1,
        earlier=earlier,
        objection_key=command.objection_key,
        happened_at=command.now,
        **_told(holder, command.slot, new),
    )


def _confirmed_as_it_is(command: ConfirmContact, holder: Holder) -> list[ContactEvent]:
    """A contact that was changed meanwhile stays as it is: it was not this one that was shown."""
    contact = holder.contacts.get(command.slot)
    if contact is None or contact.confirmed or holder.version(command.slot) != command.base_version:
        return []
    return [_confirmed(command, holder)]


def _confirmed(command: ChangeContact | ConfirmContact, holder: Holder) -> ContactEvent:
    return ContactConfirmed(
        account_id=holder.account_id,
        person_id=holder.person_id,
        slot=command.slot,
        version=command.base_version + 1,
        confirmed_at=command.now,
    )


def _taken_back(command: TakeBackChange, state: Account, holder: Holder) -> ContactEvent:
    change = standing(state, command.change_id, command.now)
    return ContactChangeTakenBack(
        change_id=change.change_id,
        slot=change.slot,
        version=holder.version(change.slot) + 1,
        earlier=holder.value(change.slot),
        happened_at=command.now,
        **_told(holder, change.slot, change.before),
    )


def standing(state: Account, change_id: str, now: datetime) -> StandingChange:
    """Return the change that can still be objected to.

    Raises:
        ChangeNotStandingError: There is none.
    """
    for change in state.changes:
        if change.change_id == change_id and now < change.changed_at + OBJECTION_LIFE:
            return change
    raise ChangeNotStandingError


def _sharing_allowed(command: AllowSharing, state: Account, holder: Holder) -> list[ContactEvent]:
    if not state.is_in_charge(command.agency_code):
        raise NotFoundError
    if state.may_share_contacts:
        return []
    return [
        ContactSharingAllowed(
            account_id=holder.account_id,
            person_id=holder.person_id,
            officer_id=command.officer_id,
            agency_code=command.agency_code,
            allowed_at=command.now,
        )
    ]


def _told(holder: Holder, slot: ContactSlot, contact: Contact | None) -> dict[str, Any]:
    """Return who the holder is and how to reach them once `contact` stands in the slot."""
    reached: dict[str, str | None] = {each: holder.value(each) for each in get_args(ContactSlot)}
    reached[slot] = None if contact is None else contact.value
    return {
        "account_id": holder.account_id,
        "person_id": holder.person_id,
        "language": holder.language,
        "full_name": holder.full_name,
        **reached,
    }
