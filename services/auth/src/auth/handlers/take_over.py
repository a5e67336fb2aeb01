"""A second device takes the account over with a one-time code; until the right one the first is left alone (SES-11)."""

from ansinh_contracts.auth import ContactSlot
from ansinh_kit.events import Metadata

from auth.domain.access.refusals import SavedCodeSpentError
from auth.domain.code_subjects import TakeOver
from auth.domain.one_time_codes import CodeRefusedError
from auth.domain.recipients import chosen_phone
from auth.handlers.codes import Codes
from auth.handlers.device_proofs import DeviceProofs, PresentedProof
from auth.handlers.saved_codes import SavedCodeCheck
from auth.handlers.sent_codes import SentCode
from auth.handlers.sessions import OpenedSession, Sessions, Shown
from auth.storage.access_documents import AccessDocuments
from auth.storage.access_entries import Entry
from auth.storage.holders import Holders


class TakeOvers:
    """The id of a take-over is given only to one who has shown the right password."""

    def __init__(
        self,
        *,
        codes: Codes,
        sessions: Sessions,
        access: AccessDocuments,
        holders: Holders,
        saved_codes: SavedCodeCheck,
        proofs: DeviceProofs,
    ) -> None:
        self._proofs = proofs
        self._codes = codes
        self._sessions = sessions
        self._access = access
        self._holders = holders
        self._saved_codes = saved_codes

    async def send_code(self, take_over_id: str, via: ContactSlot | None = None) -> SentCode:
        """Send the code to the phone on file, or to the one that was chosen for it (U-03).

        Raises:
            InvalidFieldsError: `via` is no confirmed phone of the account.
            NotFoundError: There is no such take-over any more.
            TooManyAttemptsError: Too soon after the last code, or too many.
        """
        challenge = await self._codes.find_open(take_over_id, TakeOver)
        to = chosen_phone(await self._holders.get(challenge.account_id), via or challenge.slot)
        return await self._codes.send(challenge.sent_to(to), to)

    async def confirm(
        self, take_over_id: str, code: str, *, metadata: Metadata, proof: PresentedProof | None = None
    ) -> OpenedSession:
        """Put the second device in the first one's place, in one update.

        A device that signed its log-in signs this, too. If it is one of the account's own, the session is its own.

        Raises:
            DeviceProofRefusedError, DeviceNonceNeededError: There is a device proof and it does not hold.
            CodeRefusedError: The code is wrong, late, used or tried too often; the first device is untouched.
            SessionMovedOnError: Another take-over, log-out or log-in came first.
        """
        thumbprint = None if proof is None else await self._proofs.thumbprint_of(proof)
        challenge = await self._codes.check(take_over_id, TakeOver, code, device_thumbprint=thumbprint)
        entry = await self._access.find(challenge.account_id)
        if entry is None:
            raise CodeRefusedError
        await self._codes.use_up(challenge)
        device, shown = challenge.subject, _shown(entry, thumbprint)
        return await self._sessions.open(entry, device, replacing=device.epoch, metadata=metadata, shown=shown)

    async def confirm_with_saved_code(
        self, take_over_id: str, saved_code: str, *, metadata: Metadata, proof: PresentedProof | None = None
    ) -> OpenedSession:
        """Do as `confirm` without the phone: the saved code is used up with the same change (U-14).

        Raises:
            CodeRefusedError: The code is wrong or used, or too many were tried; the first device is untouched.
            SessionMovedOnError: Another take-over, log-out or log-in came first.
        """
        thumbprint = None if proof is None else await self._proofs.thumbprint_of(proof)
        challenge = await self._codes.count_try(take_over_id, TakeOver, device_thumbprint=thumbprint)
        entry = await self._access.find(challenge.account_id)
        place = await self._saved_codes.place_of(entry, saved_code)
        if entry is None or place is None:
            raise CodeRefusedError
        await self._codes.use_up(challenge)
        device, shown = challenge.subject, _shown(entry, thumbprint)
        try:
            return await self._sessions.open(
                entry, device, replacing=device.epoch, saved_code=place, metadata=metadata, shown=shown
            )
        except SavedCodeSpentError as error:
            raise CodeRefusedError from error

    async def cancel(self, take_over_id: str) -> None:
        """Give the take-over up; its codes are dead. One that is over already stays as it is."""
        await self._codes.cancel(take_over_id, TakeOver)


def _shown(entry: Entry, thumbprint: str | None) -> Shown:
    own = entry.access.device(thumbprint)
    return Shown("code", None if own is None else own.thumbprint)
