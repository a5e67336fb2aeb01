"""A challenge: somebody must show the code of one subject, sent to one contact, before it is over."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Generic, Self

from ansinh_contracts.auth import CodePurpose, ContactSlot
from ansinh_contracts.notifications import Channel

from auth.domain.code_subjects import SubjectT_co
from auth.domain.one_time_codes import CodeBinding
from auth.domain.recipients import Recipient, channel_of

_BY_EMAIL_TOO: Final[frozenset[CodePurpose]] = frozenset({"activation", "recovery", "contact_change"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge(Generic[SubjectT_co]):
    """`account_id` is empty for a decoy: it answers like any other, and no code of it was ever sent.

    With a `device_thumbprint` only that device key may answer it (OTC-03).
    """

    challenge_id: str
    subject: SubjectT_co
    slot: ContactSlot
    account_id: str
    person_id: str
    target_version: int
    ends_at: datetime
    device_thumbprint: str | None = None
    sendings: int = 0
    tries: int = 0
    sent_at: datetime | None = None
    used_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.channel == "email" and self.purpose not in _BY_EMAIL_TOO:
            raise ValueError("OTC-08: no code of this purpose goes out by e-mail")

    @property
    def channel(self) -> Channel:
        return channel_of(self.slot)

    @property
    def purpose(self) -> CodePurpose:
        return self.subject.purpose

    def is_open(self, now: datetime) -> bool:
        return self.used_at is None and now < self.ends_at

    def is_for(self, recipient: Recipient) -> bool:
        """Whether the contact is the one the challenge was made for, in the same version."""
        return (self.account_id, self.slot, self.target_version) == (
            recipient.account_id,
            recipient.slot,
            recipient.version,
        )

    def sent_to(self, recipient: Recipient) -> Self:
        """Return the challenge as its next code makes it: about another contact of the same account (U-03).

        About the contact it is about already it stays as it is: that may have been changed since (OTC-03).
        """
        if recipient.slot == self.slot:
            return self
        return replace(self, slot=recipient.slot, target_version=recipient.version)

    def binding(self) -> CodeBinding:
        return CodeBinding(
            challenge_id=self.challenge_id,
            account_id=self.account_id,
            purpose=self.purpose,
            target_version=self.target_version,
            device_thumbprint=self.device_thumbprint,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """One code or link, and its message as ciphertext; `sealed` is `None` for a decoy.

    `sms_range` is the blind index of the phone number less its last digits, by which SMS are budgeted (LIM-10).
    """

    message_id: str
    at: datetime
    expires_at: datetime
    masked_target: str
    sealed: bytes | None = field(repr=False)
    sms_range: str | None = None
