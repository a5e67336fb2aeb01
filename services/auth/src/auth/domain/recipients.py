"""Whom a code is sent to, and where: one of the account's contacts, in one version of it."""

from dataclasses import dataclass, field
from typing import Final

from ansinh_contracts.auth import ContactSlot
from ansinh_contracts.language import Language
from ansinh_contracts.notifications import Channel

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


def channel_of(slot: ContactSlot) -> Channel:
    return "email" if slot == "email" else "sms"


def masked_phone(phone: str) -> str:
    """Return the phone with only its last three digits shown."""
    return f"••• ••• {phone[-3:]}"


def masked_email(email: str) -> str:
    """Return the address with only its first letter and its domain shown."""
    name, _, host = email.rpartition("@")
    return f"{name[:1]}•••@{host}"
