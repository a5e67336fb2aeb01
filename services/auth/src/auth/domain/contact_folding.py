"""What an account's contacts are after each event, and which changes of them can still be taken back."""

from typing import assert_never

from ansinh_contracts.auth import ContactSlot

from auth.domain.contact_events import (
    ContactChanged,
    ContactChangeTakenBack,
    ContactConfirmed,
    ContactEvent,
    ContactSharingAllowed,
)
from auth.domain.contact_values import comparable
from auth.domain.holder import Account, Contact, Holder, StandingChange


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
