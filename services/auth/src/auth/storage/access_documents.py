"""One document per account: its status, its one session, its password's hash. The document decides; events follow.

    {_id, person_id, kind, roles, agency_code, rights_revision, status, epoch, version, ever_logged_in, password, totp,
     totp_step, credentials_revision, wrong_codes, wrong_mailed_codes, … (`recovery_state`),
     session: {token_hash, device_name, device_kind, epoch, issued_at, idle_until, absolute_until, device_thumbprint,
               entered_by},
     devices, passkeys (`factor_fields`),
     ended: [{token_hash, reason, ended_at, new_device_kind}],
     pending: [{commit_id, expected_version, events, correlation_id, actor, made_at}]}

Every change is one update on `epoch`, acknowledged by a majority. So two valid sessions cannot exist, and the old
session dies by being replaced. Source: SES-02, SES-03, ADR-0005.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

from ansinh_contracts.notifications import Channel
from ansinh_kit.errors import ConcurrencyConflictError, NotFoundError
from ansinh_kit.events import Metadata
from ansinh_kit.mongo import Database, Document, DuplicateKeyError, translated

from auth.domain.access.commands import AccessCommand
from auth.domain.access.decider import decide, fold
from auth.domain.access.state import Access, Session, commit_of, stream_of
from auth.domain.access_events import AccessEvent, SessionRevoked
from auth.storage.factor_fields import (
    PasskeyKey,
    device_names,
    factor_state,
    passkey_keys,
    set_factors,
    unset_factors,
)
from auth.storage.recovery_state import recovery_state, saved_hashes, stored_recovery_state

COLLECTION: Final = "access"
_ATTEMPTS: Final = 16
_ENDED_SESSIONS_KEPT: Final = 8
_WRONG_CODES: Final[Mapping[Channel, str]] = {"sms": "wrong_codes", "email": "wrong_mailed_codes"}

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


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSessionSecrets:
    """What belongs to a new session and into no event: the token's hash, the device's name as a blob."""

    token_hash: str = field(repr=False)
    device_name: Mapping[str, Any] | None = field(default=None, repr=False)


class AccessDocuments:
    def __init__(self, database: Database) -> None:
        self._collection = database[COLLECTION]

    async def create_indexes(self) -> None:
        with translated():
            await self._collection.create_index([("session.token_hash", 1)], unique=True, sparse=True)
            await self._collection.create_index([("ended.token_hash", 1)])
            await self._collection.create_index([("pending.made_at", 1)])

    async def create(self, entry: Entry) -> None:
        """Make sure that the account has a document; one that is there already is left as it is."""
        document: Document = {
            "_id": entry.access.account_id,
            "person_id": entry.access.person_id,
            "kind": entry.kind,
            "roles": list(entry.access.roles),
            "agency_code": entry.access.agency_code,
            "rights_revision": entry.access.rights_revision,
            "status": entry.access.status,
            "epoch": entry.access.epoch,
            "version": entry.access.version,
            "ever_logged_in": False,
            "password": entry.password,
            "totp": entry.totp,
            "wrong_codes": 0,
            "ended": [],
            "pending": [],
        }
        try:
            with translated():
                await self._collection.insert_one(document)
        except DuplicateKeyError:
            return

    async def find(self, account_id: str) -> Entry | None:
        with translated():
            document = await self._collection.find_one({"_id": account_id})
        return None if document is None else _entry(document)

    async def change(
        self,
        account_id: str,
        command: AccessCommand,
        *,
        metadata: Metadata,
        session: NewSessionSecrets | None = None,
        password: str | None = None,
        password_needs_device: bool = False,
        saved_codes: Mapping[int, str] | None = None,
        beside: Mapping[str, object] | None = None,
    ) -> Access:
        """Decide on the document as it is and change it in one update; the events are marked as pending in it.

        Args:
            session: Must come with a command that opens a session.
            password: The hash that is set together with the change.
            password_needs_device: It is too short to let anybody in without a bound device's key (LIM-01).
            saved_codes: Hashes by place; must come with a command that makes a new list.
            beside: Further fields that are set together with it and are in no event: keys, names.

        Raises:
            NotFoundError: There is no such account.
            RefusedError: What `decide` refused with.
            ConcurrencyConflictError: Too many others changed it at the same time.
            UnavailableError: Outcome unknown.
        """
        epoch = 0
        for _ in range(_ATTEMPTS):
            with translated():
                document = await self._collection.find_one({"_id": account_id})
            if document is None:
                raise NotFoundError
            before = _entry(document).access
            epoch = before.epoch
            events = decide(command, before)
            if not events:
                return before
            after = fold(before, events)
            update = _Update(before, after, events)
            changes = update.document(metadata, command.now, session, password, document.get("session"))
            changes["$set"] |= stored_recovery_state(after, document, saved_codes)
            changes["$set"] |= beside or {}
            if password is not None:
                changes["$set"]["password_needs_device"] = password_needs_device
            with translated():
                result = await self._collection.update_one({"_id": account_id, "epoch": epoch}, changes)
            if result.matched_count == 1:
                return after
        raise ConcurrencyConflictError(stream_of(account_id), epoch)

    async def accounts_of(self, person_id: str) -> list[str]:
        """Return the ids of the person's accounts. It looks at all documents: for rare use."""
        with translated():
            documents = await self._collection.find({"person_id": person_id}, {"_id": 1}).to_list()
        return [document["_id"] for document in documents]

    async def remove_of(self, person_id: str) -> None:
        """Remove the person's documents, with password, sessions and all: nobody enters these accounts again."""
        with translated():
            await self._collection.delete_many({"person_id": person_id})

    async def replace_password_hash(self, account_id: str, *, old: str, new: str) -> None:
        """Store the same password under today's parameters, unless it was changed meanwhile."""
        with translated():
            await self._collection.update_one({"_id": account_id, "password": old}, {"$set": {"password": new}})

    async def set_credentials(self, account_id: str, *, password: str, totp: Mapping[str, Any], revision: int) -> None:
        """Store a member of staff's password hash and second factor, unless those of a later revision are there."""
        unless_later = {
            "$or": [{"credentials_revision": {"$exists": False}}, {"credentials_revision": {"$lte": revision}}]
        }
        credentials = {"password": password, "totp": totp, "credentials_revision": revision}
        with translated():
            await self._collection.update_one({"_id": account_id, **unless_later}, {"$set": credentials})

    async def staff_without_rights(self) -> list[Entry]:
        """Return those enrolled before there was a roster. It looks at all documents: for the start of a process."""
        query = {"kind": "staff", "rights_revision": {"$exists": False}}
        with translated():
            documents = await self._collection.find(query).to_list(None)
        return [_entry(document) for document in documents]

    async def count_wrong_code(self, account_id: str, channel: Channel, *, limit: int) -> bool:
        """Count a code as wrong before it is compared; `False`, and nothing counted, once `limit` is reached."""
        row = _WRONG_CODES[channel]
        with translated():
            result = await self._collection.update_one(
                {"_id": account_id, row: {"$not": {"$gte": limit}}}, {"$inc": {row: 1}}
            )
        return result.matched_count == 1

    async def forget_wrong_codes(self, account_id: str, *channels: Channel) -> None:
        """Begin the rows of these channels again; those of the others stay (LIM-08)."""
        with translated():
            await self._collection.update_one(
                {"_id": account_id}, {"$set": {_WRONG_CODES[channel]: 0 for channel in channels}}
            )

    async def name_device(self, account_id: str, thumbprint: str, name: Mapping[str, Any]) -> bool:
        """Let the bound device have this name; `False` if there is no such device."""
        device = f"devices.{thumbprint}"
        with translated():
            result = await self._collection.update_one(
                {"_id": account_id, device: {"$exists": True}}, {"$set": {f"{device}.name": name}}
            )
        return result.matched_count == 1

    async def count_passkey_use(self, account_id: str, passkey_id: str, *, before: int, after: int) -> bool:
        """Move the passkey's signature counter; `False` if it is gone, or another signature moved it meanwhile."""
        counter = f"passkeys.{passkey_id}.sign_count"
        with translated():
            result = await self._collection.update_one({"_id": account_id, counter: before}, {"$set": {counter: after}})
        return result.matched_count == 1

    async def use_totp_step(self, account_id: str, step: int) -> bool:
        """Mark the time step as used; `False` if it, or a later one, was used before."""
        unused = {"$or": [{"totp_step": {"$exists": False}}, {"totp_step": {"$lt": step}}]}
        with translated():
            result = await self._collection.update_one({"_id": account_id, **unused}, {"$set": {"totp_step": step}})
        return result.matched_count == 1


@dataclass(frozen=True, slots=True)
class _Update:
    before: Access
    after: Access
    events: Sequence[AccessEvent]

    def document(
        self,
        metadata: Metadata,
        now: datetime,
        session: NewSessionSecrets | None,
        password: str | None,
        old_session: Mapping[str, Any] | None,
    ) -> Document:
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
        if password is not None:
            changed["password"] = password
        update: Document = {"$set": changed, "$push": {"pending": self._pending(metadata, now)}}
        unset = unset_factors(self.before, self.after)
        if self.after.session is None:
            unset["session"] = ""
        else:
            changed["session"] = _session_document(self.after.session, session, old_session)
        if unset:
            update["$unset"] = unset
        ended = [_ended(event, old_session) for event in self.events if isinstance(event, SessionRevoked)]
        if ended:
            update["$push"]["ended"] = {"$each": ended, "$slice": -_ENDED_SESSIONS_KEPT}
        return update

    def _pending(self, metadata: Metadata, now: datetime) -> Document:
        return {
            "commit_id": commit_of(self.after.account_id, self.after.epoch),
            "expected_version": self.before.version,
            "events": [{"type": event.event_type, "facts": event.model_dump(mode="json")} for event in self.events],
            "correlation_id": metadata.correlation_id,
            "actor": metadata.actor,
            "made_at": now,
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


def _entry(document: Document) -> Entry:
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
