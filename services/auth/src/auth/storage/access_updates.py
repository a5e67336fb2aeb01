"""One change of an access document: what is set, what is taken away, and the events that are marked as pending."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from ansinh_kit.events import Metadata
from ansinh_kit.mongo import Document

from auth.domain.access.state import Access, Session, commit_of
from auth.domain.access_events import AccessEvent, SessionRevoked
from auth.storage.factor_fields import set_factors, unset_factors
from auth.storage.recovery_state import stored_recovery_state

_ENDED_SESSIONS_KEPT: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSessionSecrets:
    """What belongs to a new session and into no event: the token's hash, the device's name as a blob."""

    token_hash: str = field(repr=False)
    device_name: Mapping[str, Any] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unspoken:
    """What is set together with a change and is in no event; `AccessDocuments.change` says what each is."""

    session: NewSessionSecrets | None = None
    password: str | None = field(default=None, repr=False)
    password_needs_device: bool = False
    saved_codes: Mapping[int, str] | None = field(default=None, repr=False)
    beside: Mapping[str, object] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessUpdate:
    """The way from the `stored` document, read as `before`, to `after`, which `events` make of it."""

    stored: Document
    before: Access
    after: Access
    events: Sequence[AccessEvent]
    unspoken: Unspoken
    metadata: Metadata
    made_at: datetime

    def as_document(self) -> Document:
        """Return the one update that does it all."""
        pushed: Document = {"pending": self._pending()}
        ended = [_ended(event, self._old_session) for event in self.events if isinstance(event, SessionRevoked)]
        if ended:
            pushed["ended"] = {"$each": ended, "$slice": -_ENDED_SESSIONS_KEPT}
        update: Document = {"$set": self._set(), "$push": pushed}
        unset = self._unset()
        if unset:
            update["$unset"] = unset
        return update

    @property
    def _old_session(self) -> Mapping[str, Any] | None:
        return self.stored.get("session")

    def _set(self) -> Document:
        changed: Document = {
            "status": self.after.status,
            "epoch": self.after.epoch,
            "version": self.after.version,
            "ever_logged_in": self.after.ever_logged_in,
            "roles": list(self.after.roles),
            "agency_code": self.after.agency_code,
            "rights_revision": self.after.rights_revision,
        }
        changed |= set_factors(self.before, self.after)
        changed |= stored_recovery_state(self.after, self.stored, self.unspoken.saved_codes)
        changed |= self.unspoken.beside
        if self.unspoken.password is not None:
            changed["password"] = self.unspoken.password
            changed["password_needs_device"] = self.unspoken.password_needs_device
        if self.after.session is not None:
            changed["session"] = _session_document(self.after.session, self.unspoken.session, self._old_session)
        return changed

    def _unset(self) -> Document:
        unset = unset_factors(self.before, self.after)
        return unset | {"session": ""} if self.after.session is None else unset

    def _pending(self) -> Document:
        return {
            "commit_id": commit_of(self.after.account_id, self.after.epoch),
            "expected_version": self.before.version,
            "events": [{"type": event.event_type, "facts": event.model_dump(mode="json")} for event in self.events],
            "correlation_id": self.metadata.correlation_id,
            "actor": self.metadata.actor,
            "made_at": self.made_at,
        }


def _session_document(
    session: Session, secrets: NewSessionSecrets | None, old_session: Mapping[str, Any] | None
) -> Document:
    if secrets is not None:
        return {**session.model_dump(), "token_hash": secrets.token_hash, "device_name": secrets.device_name}
    if old_session is not None and old_session["epoch"] == session.epoch:
        return {**old_session, **session.model_dump()}
    raise ValueError("a session is opened with its token")


def _ended(event: SessionRevoked, old_session: Mapping[str, Any] | None) -> Document:
    if old_session is None:
        raise ValueError("a session that is revoked was in the document")
    return {
        "token_hash": old_session["token_hash"],
        "reason": event.reason,
        "ended_at": event.occurred_at,
        "new_device_kind": event.new_device_kind,
    }
