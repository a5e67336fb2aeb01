"""What a session asks for when it changes a contact, and which contact has to prove who asks (V-11, OTC-08)."""

from dataclasses import dataclass, field
from typing import Final

from ansinh_contracts.auth import ContactSlot
from ansinh_kit.errors import FieldViolation, InvalidFieldsError

from auth.domain.contact_values import normal_value
from auth.domain.holder import Holder
from auth.handlers.password_check import TypedPassword

# What proves that it is the holder who asks. Mail is weaker than a phone, so it never changes one (OTC-08).
_PROOFS: Final[dict[ContactSlot, tuple[ContactSlot, ...]]] = {
    "phone": ("phone", "second_phone"),
    "second_phone": ("second_phone", "phone"),
    "email": ("email", "phone", "second_phone"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedContact:
    """`via` is the contact that proves who asks; the slot's own if it is `None`."""

    account_id: str
    session_epoch: int
    slot: ContactSlot
    value: str = field(repr=False)
    via: ContactSlot | None
    typed: TypedPassword

    def normal_value(self) -> str:
        """Return the value in the form in which two spellings of one are equal.

        Raises:
            InvalidFieldsError: It is none of its kind.
        """
        value = normal_value(self.slot, self.value)
        if value is None:
            raise InvalidFieldsError([FieldViolation("value", "email" if self.slot == "email" else "mobile_phone")])
        return value


def proving_slot(wanted: WantedContact, value: str, holder: Holder) -> ContactSlot | None:
    """Return the contact that has to prove who asks; `None` if `value` stands on the account unconfirmed.

    Raises:
        InvalidFieldsError: `via` proves nothing for this slot, or was never confirmed.
    """
    if wanted.via is None and holder.value(wanted.slot) == value:
        return None
    usable = [slot for slot in _PROOFS[wanted.slot] if holder.is_confirmed(slot)]
    if wanted.via is None:
        return usable[0]
    if wanted.via not in usable:
        raise InvalidFieldsError([FieldViolation("via", "proves_nothing")])
    return wanted.via
