"""Which kinds of message exist on which channel, and the version of their words that new messages use."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from notifications.domain.content import Channel, MessageKind

_BOTH: Final[frozenset[Channel]] = frozenset({"sms", "email"})
_SMS: Final[frozenset[Channel]] = frozenset({"sms"})
_EMAIL: Final[frozenset[Channel]] = frozenset({"email"})

CHANNELS: Final[Mapping[MessageKind, frozenset[Channel]]] = MappingProxyType(
    {
        "declaration_received": _BOTH,
        "correction_received": _BOTH,
        "declaration_rejected": _BOTH,
        "duplicate_declaration": _BOTH,
        "account_opened": _BOTH,
        "account_taken_over": _BOTH,
        "password_changed": _BOTH,
        "password_marked_compromised": _BOTH,
        "password_recovered": _BOTH,
        "recovery_approved": _BOTH,
        "recovery_withdrawn": _BOTH,
        "saved_codes_made": _BOTH,
        "account_locked": _BOTH,
        "account_unlocked": _BOTH,
        "contact_changed": _BOTH,
        "contact_change_taken_back": _BOTH,
        "dispute_answered": _BOTH,
        "dispute_settled": _BOTH,
        # E-mail only: the monthly round would use up the budget of SMS that one-time codes need.
        "unpaid_months": _EMAIL,
        "device_bound": _BOTH,
        "device_removed": _BOTH,
        "passkey_added": _BOTH,
        "passkey_removed": _BOTH,
        "e_id_linked": _BOTH,
        "e_id_unlinked": _BOTH,
        "activation_code": _SMS,
        "take_over_code": _SMS,
        "password_change_code": _SMS,
        # By e-mail it is one of two proofs (OTC-09).
        "recovery_code": _BOTH,
        "device_binding_code": _SMS,
        # By e-mail it proves an address, and lets nobody in (OTC-08).
        "contact_change_code": _BOTH,
        "activation_link": _EMAIL,
    }
)

CURRENT_VERSION: Final[Mapping[MessageKind, int]] = MappingProxyType(dict.fromkeys(CHANNELS, 1))
