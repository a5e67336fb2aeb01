"""The holder's own devices: looked through, named, removed."""

from dataclasses import dataclass
from datetime import datetime

from ansinh_contracts.auth import DeviceKind
from ansinh_kit.clock import Clock
from ansinh_kit.errors import NotFoundError
from ansinh_kit.events import Metadata
from ansinh_kit.personal_data.cipher import PersonalDataCipher

from auth.domain.access.commands import RemoveDevice
from auth.domain.access.state import BoundDevice
from auth.handlers.devices import Device, opened_name, sealed_name
from auth.handlers.session_proofs import InSession, SessionProofs
from auth.storage.access_documents import AccessDocuments
from auth.storage.access_entries import Entry
from auth.storage.pending_changes import PendingChanges


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnDevice:
    """`reopens_until`: until then password and key open a session without a code. `present`: it is this session's."""

    device_id: str
    kind: DeviceKind
    name: str | None
    bound_at: datetime
    reopens_until: datetime
    present: bool


class OwnDevices:
    def __init__(
        self,
        *,
        session_proofs: SessionProofs,
        access: AccessDocuments,
        pending: PendingChanges,
        cipher: PersonalDataCipher,
        clock: Clock,
    ) -> None:
        self._session_proofs = session_proofs
        self._access = access
        self._pending = pending
        self._cipher = cipher
        self._clock = clock

    async def all_of(self, account_id: str) -> list[OwnDevice]:
        """Return the account's bound devices, oldest binding first.

        Raises:
            NotFoundError: There is no such account any more.
        """
        entry = await self._access.get(account_id)
        devices = sorted(entry.access.devices, key=lambda device: device.bound_at)
        return [await self._shown(device, entry) for device in devices]

    async def name(self, request: InSession, device_id: str, name: str) -> None:
        """Let the device be called `name`.

        Raises:
            NotFoundError: It is none of the account's.
            DeviceKeyNeededError: The session is bound to a key that did not sign.
        """
        proven = await self._session_proofs.require(request)
        device = proven.entry.access.device(device_id)
        if device is None:
            raise NotFoundError
        blob = await sealed_name(self._cipher, proven.entry.access.person_id, Device(device.kind, name))
        if not await self._access.name_device(request.account_id, device_id, blob):
            raise NotFoundError

    async def remove(self, request: InSession, device_id: str, *, metadata: Metadata) -> None:
        """Let the device's key count no more; its holder is told on all contacts.

        Raises:
            NotFoundError: It is none of the account's.
            DeviceKeyNeededError, StrongerLogInNeededError: Not enough was shown (`domain.access.factors`).
        """
        proven = await self._session_proofs.read(request)
        command = RemoveDevice(
            now=self._clock.now(), session_epoch=request.epoch, proven_by=proven.thumbprint, thumbprint=device_id
        )
        await self._access.change(request.account_id, command, metadata=metadata)
        await self._pending.record_if_possible(request.account_id)

    async def _shown(self, device: BoundDevice, entry: Entry) -> OwnDevice:
        session = entry.access.session
        blob = entry.device_names.get(device.thumbprint)
        return OwnDevice(
            device_id=device.thumbprint,
            kind=device.kind,
            name=await opened_name(self._cipher, entry.access.person_id, blob),
            bound_at=device.bound_at,
            reopens_until=device.reopens_until,
            present=session is not None and session.device_thumbprint == device.thumbprint,
        )
