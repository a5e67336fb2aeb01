"""The rules of changing a contact: what was proved before is not asked here; who may have it is `contact_seats`."""

from datetime import datetime, timedelta
from typing import Any, ClassVar, Final, assert_never, get_args

from ansinh_contracts.auth import ContactSlot
from ansinh_kit.errors import NotFoundError, RefusedError
from pydantic import BaseModel, ConfigDict

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


class _Command(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    now: datetime


class ChangeContact(_Command):
    """`base_version` is the slot's version when the change was begun; `value` is in its normal form."""

    change_id: str
    slot: ContactSlot
    value: str
    base_version: int
    objection_key: str | None


class ConfirmContact(_Command):
    """Somebody who gets in has shown what was sent there, when the slot was of `base_version`."""

    slot: ContactSlot
    base_version: int


class TakeBackChange(_Command):
    change_id: str


class AllowSharing(_Command):
    officer_id: str
    agency_code: str


ContactCommand = ChangeContact | ConfirmContact | TakeBackChange | AllowSharing


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


def evolve_contact(state: Account, event: ContactEvent) -> Account:
    holder = state.holder
    if holder is None:
        return state
    match event:
        case ContactChanged():
            change = StandingChange(
                change_id=event.change_id,
                slot=event.slot,
                before=holder.contacts.get(event.slot),
                changed_at=event.happened_at,
            )
            contact = _contact_of(event, confirmed=True)
            return _with(state, holder, event, contact, (*state.changes, change))
        case ContactConfirmed():
            known = holder.contacts.get(event.slot)
            confirmed = None if known is None else known.model_copy(update={"confirmed": True})
            return _with(state, holder, event, confirmed, state.changes)
        case ContactChangeTakenBack():
            before, kept = _without(state.changes, event)
            return _with(state, holder, event, before, kept)
        case ContactSharingAllowed():
            return state.model_copy(update={"may_share_contacts": True})
        case _:
            assert_never(event)


def _contact_of(event: ContactChanged, *, confirmed: bool) -> Contact | None:
    values: dict[ContactSlot, str | None] = {
        "phone": event.phone,
        "email": event.email,
        "second_phone": event.second_phone,
    }
    value = values[event.slot]
    return None if value is None else Contact(value=value, confirmed=confirmed)


def _without(
    changes: tuple[StandingChange, ...], event: ContactChangeTakenBack
) -> tuple[Contact | None, tuple[StandingChange, ...]]:
    """Return what stood before the change, and the changes that stand without it and its slot's later ones."""
    at = next(index for index, change in enumerate(changes) if change.change_id == event.change_id)
    later = tuple(change for change in changes[at:] if change.slot != event.slot)
    return changes[at].before, (*changes[:at], *later)


def _with(
    state: Account,
    holder: Holder,
    event: ContactChanged | ContactConfirmed | ContactChangeTakenBack,
    contact: Contact | None,
    changes: tuple[StandingChange, ...],
) -> Account:
    contacts = {slot: known for slot, known in holder.contacts.items() if slot != event.slot}
    if contact is not None:
        contacts[event.slot] = contact
    changed = holder.model_copy(
        update={"contacts": contacts, "versions": {**holder.versions, event.slot: event.version}}
    )
    had = {comparable(slot, known.value) for slot, known in holder.contacts.items()}
    has = {comparable(slot, known.value) for slot, known in contacts.items()}
    return state.model_copy(update={"holder": changed, "changes": changes, "left": (state.left | had) - has})
