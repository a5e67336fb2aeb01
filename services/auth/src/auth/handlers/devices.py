"""The device somebody logs in on. Its name is what a person calls it, so it is personal and stored as a blob."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ansinh_contracts.auth import DeviceKind
from ansinh_kit.personal_data.cipher import PersonalDataCipher

_CONTEXT: Final = "access|device_name"


@dataclass(frozen=True, slots=True)
class Device:
    kind: DeviceKind
    name: str


async def sealed_name(cipher: PersonalDataCipher, person_id: str, device: Device) -> Mapping[str, Any]:
    return await cipher.encrypt(person_id, device.name.encode(), context=_CONTEXT)


async def opened_name(cipher: PersonalDataCipher, person_id: str, blob: Mapping[str, Any] | None) -> str | None:
    """Return the device's name; `None` if there is none or its person was forgotten."""
    name = None if blob is None else await cipher.decrypt(person_id, blob, context=_CONTEXT)
    return None if name is None else name.decode()
