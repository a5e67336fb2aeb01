"""The access document as the handlers read it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ansinh_kit.mongo import Document

from auth.domain.access.state import Access, Session
from auth.storage.factor_fields import PasskeyKey, device_names, factor_state, passkey_keys
from auth.storage.recovery_state import recovery_state, saved_hashes

AccessKind = Literal["citizen", "staff"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """The document as the handlers need it. `password` is a hash (`password_hashing`), `totp` a blob.

    `saved_codes` are the hashes of the saved recovery codes that are still good, by their places. `refused_before`
    counts the wrong passwords before the right one, after a check of the password.
    """

    access: Access
    kind: AccessKind
    password: str | None = field(default=None, repr=False)
    totp: Mapping[str, Any] | None = field(default=None, repr=False)
    device_name: Mapping[str, Any] | None = field(default=None, repr=False)
    saved_codes: Mapping[int, str] = field(default_factory=dict, repr=False)
    password_needs_device: bool = False
    session_token_hash: str | None = field(default=None, repr=False)
    device_names: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, repr=False)
    passkey_keys: Mapping[str, PasskeyKey] = field(default_factory=dict, repr=False)
    refused_before: int = 0

    @property
    def roles(self) -> tuple[str, ...]:
        return self.access.roles

    @property
    def agency_code(self) -> str | None:
        return self.access.agency_code


def entry_of(document: Document) -> Entry:
    """Return what the stored document says; fields that are younger than it have their first value."""
    session = document.get("session")
    return Entry(
        access=Access(
            account_id=document["_id"],
            person_id=document["person_id"],
            status=document["status"],
            epoch=document["epoch"],
            version=document["version"],
            session=None if session is None else session_of(session),
            ever_logged_in=document["ever_logged_in"],
            roles=tuple(document["roles"]),
            agency_code=document["agency_code"],
            # Not in documents older than the roster.
            rights_revision=document.get("rights_revision", 0),
            **recovery_state(document),
            **factor_state(document),
        ),
        kind=document["kind"],
        password=document["password"],
        totp=document["totp"],
        device_name=None if session is None else session["device_name"],
        saved_codes=saved_hashes(document),
        password_needs_device=document.get("password_needs_device", False),
        session_token_hash=None if session is None else session["token_hash"],
        device_names=device_names(document),
        passkey_keys=passkey_keys(document),
    )


def session_of(stored: Mapping[str, Any]) -> Session:
    """Return a stored session; one from before devices were bound says nothing of a key."""
    return Session(**{name: stored[name] for name in Session.model_fields if name in stored})
