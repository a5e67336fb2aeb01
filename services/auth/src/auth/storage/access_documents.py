"""One document per account: its status, its one session, its password's hash. The document decides; events follow.

    {_id, person_id, kind, roles, agency_code, rights_revision, status, epoch, version, ever_logged_in, password, totp,
     totp_step, credentials_revision, … (`wrong_codes`, `recovery_state`),
     session: {token_hash, device_name, device_kind, epoch, issued_at, idle_until, absolute_until, device_thumbprint,
               entered_by},
     devices, passkeys (`factor_fields`),
     ended: [{token_hash, reason, ended_at, new_device_kind}],
     pending: [{commit_id, expected_version, events, correlation_id, actor, made_at}]}

Every change is one update on `epoch`, acknowledged by a majority. So two valid sessions cannot exist, and the old
session dies by being replaced. Source: SES-02, SES-03, ADR-0005.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from ansinh_kit.errors import ConcurrencyConflictError, NotFoundError
from ansinh_kit.events import Metadata
from ansinh_kit.mongo import Database, Document, DuplicateKeyError, translated

from auth.domain.access.commands import AccessCommand
from auth.domain.access.decider import decide, fold
from auth.domain.access.state import Access, stream_of
from auth.storage.access_entries import Entry, entry_of
from auth.storage.access_updates import AccessUpdate, NewSessionSecrets, Unspoken

COLLECTION: Final = "access"
_ATTEMPTS: Final = 16


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
        try:
            with translated():
                await self._collection.insert_one(_new_document(entry))
        except DuplicateKeyError:
            return

    async def find(self, account_id: str) -> Entry | None:
        with translated():
            document = await self._collection.find_one({"_id": account_id})
        return None if document is None else entry_of(document)

    async def get(self, account_id: str) -> Entry:
        """Return what `find` does.

        Raises:
            NotFoundError: There is no such account any more.
        """
        entry = await self.find(account_id)
        if entry is None:
            raise NotFoundError
        return entry

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
        unspoken = Unspoken(
            session=session,
            password=password,
            password_needs_device=password_needs_device,
            saved_codes=saved_codes,
            beside=beside or {},
        )
        epoch = 0
        for _ in range(_ATTEMPTS):
            stored = await self._stored(account_id)
            before = entry_of(stored).access
            epoch = before.epoch
            events = decide(command, before)
            if not events:
                return before
            update = AccessUpdate(
                stored=stored,
                before=before,
                after=fold(before, events),
                events=events,
                unspoken=unspoken,
                metadata=metadata,
                made_at=command.now,
            )
            if await self._apply(update):
                return update.after
        raise ConcurrencyConflictError(stream_of(account_id), epoch)

    async def _stored(self, account_id: str) -> Document:
        with translated():
            document = await self._collection.find_one({"_id": account_id})
        if document is None:
            raise NotFoundError
        return document

    async def _apply(self, update: AccessUpdate) -> bool:
        """Change the document; `False` if somebody else did since it was read."""
        before = update.before
        # Beside the epoch the end of the session's time, which `expire_sessions` moves without one.
        until = None if before.session is None else before.session.absolute_until
        as_read = {"_id": before.account_id, "epoch": before.epoch, "session.absolute_until": until}
        with translated():
            result = await self._collection.update_one(as_read, update.as_document())
        return result.matched_count == 1

    async def expire_sessions(self, until: datetime) -> int:
        """Let the time of every session opened up to `until` have run out then; return how many were live.

        One statement over all documents, on no epoch. It looks at all of them: for rare use.
        """
        live = {"session.issued_at": {"$lte": until}, "session.absolute_until": {"$gt": until}}
        with translated():
            result = await self._collection.update_many(live, {"$set": {"session.absolute_until": until}})
        return result.modified_count

    async def sessions_opened_until(self, until: datetime) -> list[tuple[str, int]]:
        """Return account and epoch of the sessions that were opened up to `until` and not ended since."""
        opened = {"session.issued_at": {"$lte": until}}
        with translated():
            documents = await self._collection.find(opened, {"session.epoch": 1}).to_list()
        return [(document["_id"], document["session"]["epoch"]) for document in documents]

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
        return [entry_of(document) for document in documents]

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


def _new_document(entry: Entry) -> Document:
    return {
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
