"""A device becomes the holder's own: its key signs, a code sent to a phone of theirs is shown (SES-10, LIM-16)."""

from datetime import timedelta

from ansinh_contracts.auth import ContactSlot
from ansinh_kit.clock import Clock
from ansinh_kit.errors import NotFoundError
from ansinh_kit.events import Metadata
from ansinh_kit.personal_data.cipher import PersonalDataCipher

from auth.domain.access.commands import BindDevice
from auth.domain.access.devices import check_bindable
from auth.domain.access.refusals import DeviceKeyNeededError, SessionOverError
from auth.domain.access.state import BoundDevice
from auth.domain.challenges import Challenge
from auth.domain.code_subjects import DeviceBinding
from auth.domain.recipients import chosen_phone
from auth.handlers.codes import Codes
from auth.handlers.devices import Device, sealed_name
from auth.handlers.sent_codes import SentCode
from auth.handlers.session_proofs import InSession, SessionProofs
from auth.storage.access_documents import AccessDocuments
from auth.storage.factor_fields import new_device_fields
from auth.storage.holders import Holders
from auth.storage.pending_changes import PendingChanges


class DeviceBindings:
    """Args: `reopening` is how long a bound device opens sessions by password and key alone."""

    def __init__(
        self,
        *,
        session_proofs: SessionProofs,
        codes: Codes,
        holders: Holders,
        access: AccessDocuments,
        pending: PendingChanges,
        cipher: PersonalDataCipher,
        clock: Clock,
        reopening: timedelta,
    ) -> None:
        self._session_proofs = session_proofs
        self._codes = codes
        self._holders = holders
        self._access = access
        self._pending = pending
        self._cipher = cipher
        self._clock = clock
        self._reopening = reopening

    async def start(self, request: InSession, device: Device, via: ContactSlot = "phone") -> SentCode:
        """Send the code to the phone on file, or the one chosen (U-03); only the key that signed this can show it.

        Raises:
            DeviceKeyNeededError: No key signed.
            InvalidFieldsError: `via` is no confirmed phone of the account.
            OtherDeviceBoundError, TooManyDevicesError: It could not be bound, so no code is spent on it.
            TooManyAttemptsError: Too many codes before.
        """
        proven = await self._session_proofs.read(request)
        if proven.thumbprint is None:
            raise DeviceKeyNeededError
        check_bindable(proven.thumbprint, proven.session, proven.entry.access)
        recipient = chosen_phone(await self._holders.get(request.account_id), via)
        name = await sealed_name(self._cipher, recipient.person_id, device)
        subject = DeviceBinding(session_epoch=request.epoch, device_kind=device.kind, device_name=name)
        challenge = self._codes.challenge(subject, recipient, device_thumbprint=proven.thumbprint)
        await self._codes.open(challenge)
        return await self._codes.send(challenge, recipient)

    async def send_code(self, request: InSession, binding_id: str, via: ContactSlot | None = None) -> SentCode:
        """Send a further code, to where the one before went or to the phone chosen; the one before it is dead.

        Raises:
            InvalidFieldsError: `via` is no confirmed phone of the account.
            NotFoundError: There is no such binding of this account any more.
            TooManyAttemptsError: Too soon after the last code, or too many.
        """
        challenge = await self._own(request, binding_id)
        to = chosen_phone(await self._holders.get(request.account_id), via or challenge.slot)
        return await self._codes.send(challenge.sent_to(to), to)

    async def confirm(self, request: InSession, binding_id: str, code: str, *, metadata: Metadata) -> BoundDevice:
        """Bind the device; its holder is told on all contacts. The present session is the device's from now on.

        Raises:
            CodeRefusedError: Wrong, late, used, tried too often, or shown by another key than it was asked for with.
            SessionOverError: Asked for in another session than this one.
            OtherDeviceBoundError, TooManyDevicesError: Something else was bound meanwhile.
        """
        proven = await self._session_proofs.read(request)
        if proven.thumbprint is None:
            raise DeviceKeyNeededError
        await self._own(request, binding_id)
        challenge = await self._codes.check(binding_id, DeviceBinding, code, device_thumbprint=proven.thumbprint)
        await self._codes.use_up(challenge)
        return await self._bind(challenge.subject, request, proven.thumbprint, metadata)

    async def _bind(
        self, subject: DeviceBinding, request: InSession, thumbprint: str, metadata: Metadata
    ) -> BoundDevice:
        now = self._clock.now()
        command = BindDevice(
            now=now,
            session_epoch=subject.session_epoch,
            proven_by=thumbprint,
            kind=subject.device_kind,
            reopens_until=now + self._reopening,
        )
        named = {} if subject.device_name is None else new_device_fields(thumbprint, subject.device_name)
        after = await self._access.change(request.account_id, command, metadata=metadata, beside=named)
        await self._pending.record_if_possible(request.account_id)
        device = after.device(thumbprint)
        if device is None:
            raise SessionOverError
        return device

    async def _own(self, request: InSession, binding_id: str) -> Challenge[DeviceBinding]:
        challenge = await self._codes.find_open(binding_id, DeviceBinding)
        if challenge.account_id != request.account_id:
            raise NotFoundError
        return challenge
