"""The part of an account's document that bound devices and passkeys are in.

    {devices: {<thumbprint>: {kind, bound_at, reopens_until, name}},
     passkeys: {<passkey id>: {added_at, credential_id, public_key, sign_count, name}}}

Names are blobs. Fields are written one by one, so that a change of one leaves the others alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypedDict

from ansinh_kit.mongo import Document

from auth.domain.access.state import Access, BoundDevice, Passkey


class FactorState(TypedDict):
    """Those fields of `Access`."""

    devices: tuple[BoundDevice, ...]
    passkeys: tuple[Passkey, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyKey:
    """What a passkey's signatures are checked with; of no use to anybody else."""

    credential_id: bytes
    public_key: bytes = field(repr=False)
    sign_count: int
    name: Mapping[str, Any] | None = field(default=None, repr=False)


def factor_state(document: Mapping[str, Any]) -> FactorState:
    """Return what is stored; an older document has neither device nor passkey."""
    devices = document.get("devices", {})
    passkeys = document.get("passkeys", {})
    return FactorState(
        devices=tuple(
            BoundDevice(
                thumbprint=thumbprint,
                kind=device["kind"],
                bound_at=device["bound_at"],
                reopens_until=device["reopens_until"],
            )
            for thumbprint, device in devices.items()
        ),
        passkeys=tuple(Passkey(passkey_id=key, added_at=passkey["added_at"]) for key, passkey in passkeys.items()),
    )


def device_names(document: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return the names, as blobs, of the devices that have one."""
    return {key: device["name"] for key, device in document.get("devices", {}).items() if device.get("name")}


def passkey_keys(document: Mapping[str, Any]) -> dict[str, PasskeyKey]:
    return {
        key: PasskeyKey(
            credential_id=passkey["credential_id"],
            public_key=passkey["public_key"],
            sign_count=passkey["sign_count"],
            name=passkey["name"],
        )
        for key, passkey in document.get("passkeys", {}).items()
    }


def new_device_fields(thumbprint: str, name: Mapping[str, Any]) -> Document:
    """Return what is stored of a device that is in no event."""
    return {f"devices.{thumbprint}.name": name}


def new_passkey_fields(passkey_id: str, key: PasskeyKey) -> Document:
    """Return what is stored of a passkey that is in no event."""
    return {
        f"passkeys.{passkey_id}.{name}": value
        for name, value in (
            ("credential_id", key.credential_id),
            ("public_key", key.public_key),
            ("sign_count", key.sign_count),
            ("name", key.name),
        )
    }


def set_factors(before: Access, after: Access) -> Document:
    """Return the fields to set after a change."""
    devices = {
        f"devices.{device.thumbprint}.{name}": value
        for device in set(after.devices) - set(before.devices)
        for name, value in device.model_dump(exclude={"thumbprint"}).items()
    }
    passkeys = {
        f"passkeys.{passkey.passkey_id}.added_at": passkey.added_at
        for passkey in set(after.passkeys) - set(before.passkeys)
    }
    return devices | passkeys


def unset_factors(before: Access, after: Access) -> Document:
    """Return the fields to take away after a change."""
    devices = {device.thumbprint for device in before.devices} - {device.thumbprint for device in after.devices}
    passkeys = {key.passkey_id for key in before.passkeys} - {key.passkey_id for key in after.passkeys}
    return {f"devices.{key}": "" for key in devices} | {f"passkeys.{key}": "" for key in passkeys}
