"""Whom a code is sent to, and where: one of the account's contacts, in one version of it."""

from dataclasses import dataclass, field
from typing import Final

from ansinh_contracts.auth import ContactSlot
from ansinh_contracts.language import Language
from ansinh_contracts.notifications import Channel
from ansinh_kit.errors import FieldViolation, InvalidFieldsError

from auth.domain.holder import Holder


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """`address` is that of the slot, or the one that is to take its place; `version` is the slot's on file (OTC-03)."""

    account_id: str
    person_id: str
    slot: ContactSlot
    address: str = field(repr=False)
    version: int
    language: Language

    @property
    def masked(self) -> str:
        return masked_email(self.address) if self.slot == "email" else masked_phone(self.address)


NOBODY: Final = Recipient(account_id="", person_id="", slot="phone", address="", version=0, language="vi")
"""Gets nothing: a challenge of a decoy is made for it."""


def recipient(holder: Holder, slot: ContactSlot, address: str) -> Recipient:
    """Return the holder, to be reached at `address` as the contact of `slot`."""
    return Recipient(
        account_id=holder.account_id,
        person_id=holder.person_id,
        slot=slot,
        address=address,
        version=holder.version(slot),
        language=holder.language,
    )


def phone_of(holder: Holder) -> Recipient:
    return recipient(holder, "phone", holder.phone)


def chosen_phone(holder: Holder, slot: ContactSlot) -> Recipient:
    """Return the holder at the phone they chose for a code (U-03). The phone on file needs no proof, any other does.

    Raises:
        InvalidFieldsError: The slot is no phone, or it has none that was confirmed (OTC-08, SEC-47).
    """
    address = holder.value(slot)
    if address is None or channel_of(slot) != "sms" or (slot != "phone" and not holder.is_confirmed(slot)):
        raise InvalidFieldsError([FieldViolation("via", "proves_nothing")])
    return recipient(holder, slot, address)


def other_phone(holder: Holder) -> str | None:
    """Return the phone, masked, that a code may go to in place of the one on file; `None` if there is none."""
    second = holder.value("second_phone")
    return masked_phone(second) if second is not None and holder.is_confirmed("second_phone") else None


def channel_of(slot: ContactSlot) -> Channel:
    return "email" if slot == "email" else "sms"


def masked_phone(phone: str) -> str:
    """Return the phone with only its last three digits shown."""
    return f"••• ••• {phone[-3:]}"


def masked_email(email: str) -> str:
    """Return the address with only its first letter and its domain shown."""
    name, _, host = email.rpartition("@")
    return f"{name[:1]}•••@{host}"
