"""What a second device is told: who it is was shown, and going on takes a code sent to the phone on file (S-49)."""

from datetime import datetime
from typing import ClassVar

from ansinh_kit.errors import RefusedError

from auth.domain.code_subjects import TakeOver
from auth.domain.recipients import other_phone, phone_of
from auth.handlers.codes import Codes
from auth.storage.access_entries import Entry
from auth.storage.holders import Holders


class CodeNeededError(RefusedError):
    """What was shown is right and not enough by itself. Going on takes a code sent to `masked_phone`.

    `masked_second_phone` may be chosen instead, if there is one (U-03).
    """

    code: ClassVar[str] = "code_needed"

    def __init__(
        self, *, take_over_id: str, masked_phone: str, masked_second_phone: str | None, expires_at: datetime
    ) -> None:
        super().__init__(take_over_id)
        self.take_over_id = take_over_id
        self.masked_phone = masked_phone
        self.masked_second_phone = masked_second_phone
        self.expires_at = expires_at


class SessionExistsError(CodeNeededError):
    """Another device is in. Doing nothing leaves that device alone."""

    code: ClassVar[str] = "session_exists"


class TakeOverWarnings:
    def __init__(self, *, codes: Codes, holders: Holders) -> None:
        self._codes = codes
        self._holders = holders

    async def prepare(
        self, kind: type[CodeNeededError], entry: Entry, device: TakeOver, thumbprint: str | None
    ) -> CodeNeededError | None:
        """Prepare the take-over and return what the second device is told; nothing was sent to anyone yet.

        A device that signed its log-in is the only one that can go on with it (OTC-03). `None` if the account has no
        holder any more.
        """
        holder = await self._holders.find(entry.access.account_id)
        if holder is None:
            return None
        recipient = phone_of(holder)
        challenge = self._codes.challenge(device, recipient, device_thumbprint=thumbprint)
        await self._codes.open(challenge)
        return kind(
            take_over_id=challenge.challenge_id,
            masked_phone=recipient.masked,
            masked_second_phone=other_phone(holder),
            expires_at=challenge.ends_at,
        )
