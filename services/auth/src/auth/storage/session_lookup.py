"""The gateway's question, answered from the access documents: which of these tokens are valid right now?"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from ansinh_contracts.session_check import EndedSession, ReplacedSession, SessionVerdict, ValidSession
from ansinh_kit.mongo import Database, Document, linearizable, translated

from auth.storage.access_documents import COLLECTION
from auth.storage.access_entries import session_of
from auth.storage.integrator_documents import IntegratorDocuments, StoredIntegrator
from auth.storage.integrator_tokens import IntegratorTokens, StoredToken

_WRITE_ACTIVITY_EVERY = timedelta(minutes=1)
_MARKERS: Final = "markers"
_MARKER: Final = {"_id": "primary"}
# Of an account's access document what a verdict says; what has gathered there over the years stays where it is.
_OF_A_VERDICT: Final = dict.fromkeys(("status", "kind", "person_id", "roles", "agency_code", "session"), 1)
_UNKNOWN = EndedSession(state="unknown")
_EXPIRED = EndedSession(state="expired")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifetimes:
    """LIM-16 for citizens, LIM-17 for staff."""

    citizen_idle: timedelta = timedelta(minutes=30)
    citizen_whole: timedelta = timedelta(hours=24)
    staff_idle: timedelta = timedelta(minutes=15)
    staff_whole: timedelta = timedelta(hours=12)
    device_reopening: timedelta = timedelta(days=30)

    def __post_init__(self) -> None:
        if self.citizen_idle > timedelta(hours=1) or self.citizen_whole > timedelta(hours=24):
            raise ValueError("LIM-16: idle never above 1 h, whole never above 24 h without a bound device")
        if self.device_reopening > timedelta(days=30):
            raise ValueError("LIM-16: a bound device reopens for at most 30 days after its binding")
        if self.staff_idle > timedelta(minutes=15) or self.staff_whole > timedelta(hours=12):
            raise ValueError("LIM-17: staff idle at most 15 min, whole at most 12 h")

    def idle(self, kind: str) -> timedelta:
        return self.staff_idle if kind == "staff" else self.citizen_idle

    def whole(self, kind: str) -> timedelta:
        return self.staff_whole if kind == "staff" else self.citizen_whole


class SessionLookup:
    """Reads from the primary what a majority holds: an update that was answered before is seen (SES-04).

    A primary that was deposed and does not know it yet would answer with the past. So each question has one
    linearizable read, which such a server cannot answer (SES-05). Such reads hold for one document only: that of the
    session, if it is the only one asked about and is there, as in most questions; else a marker, read last.
    """

    def __init__(self, database: Database, lifetimes: Lifetimes) -> None:
        self._collection = database[COLLECTION]
        self._confirmed = linearizable(self._collection)
        self._marker = linearizable(database[_MARKERS])
        self._lifetimes = lifetimes
        self._integrators = IntegratorDocuments(database)
        self._tokens = IntegratorTokens(database)

    async def prepare(self) -> None:
        """Make the document that the linearizable read is of."""
        with translated():
            await self._marker.update_one(_MARKER, {"$set": {"read_by": "session_lookup"}}, upsert=True)

    async def verdicts(
        self, token_hashes: Sequence[str], now: datetime, *, counts_as_use: bool = True
    ) -> dict[str, SessionVerdict]:
        """Return one verdict for each hash; the use of valid sessions is written down once a minute, if it is one.

        Raises:
            UnavailableError: Nothing is known about any of them.
        """
        only = await self._only_one(token_hashes)
        present = [only] if only is not None else await self._present(token_hashes)
        verdicts: dict[str, SessionVerdict] = {
            document["session"]["token_hash"]: _verdict(document, now) for document in present
        }
        verdicts |= await self._ended([token for token in token_hashes if token not in verdicts])
        verdicts |= await self._of_integrators([token for token in token_hashes if token not in verdicts], now)
        if counts_as_use:
            await self._write_activity(present, now)
        if only is None:
            with translated():
                await self._marker.find_one(_MARKER)
        return {token: verdicts.get(token, _UNKNOWN) for token in token_hashes}

    async def _only_one(self, token_hashes: Sequence[str]) -> Document | None:
        """Return the access of the one session asked about, if it is one and is there.

        Linearizable: no two have the same token, and a unique index says so, as this kind of read asks for.
        """
        if len(token_hashes) != 1:
            return None
        with translated():
            return await self._confirmed.find_one({"session.token_hash": token_hashes[0]}, _OF_A_VERDICT)

    async def _present(self, token_hashes: Sequence[str]) -> list[Document]:
        with translated():
            query = {"session.token_hash": {"$in": list(token_hashes)}}
            return await self._collection.find(query, _OF_A_VERDICT).to_list()

    async def _ended(self, token_hashes: Sequence[str]) -> dict[str, SessionVerdict]:
        # Asked second on purpose: a session ends and appears here in one update, so it is never in neither place.
        if not token_hashes:
            return {}
        query = {"ended.token_hash": {"$in": list(token_hashes)}}
        with translated():
            documents = await self._collection.find(query, {"ended": 1}).to_list(None)
        wanted = frozenset(token_hashes)
        ended = (mark for document in documents for mark in document["ended"])
        return {mark["token_hash"]: _farewell(mark) for mark in ended if mark["token_hash"] in wanted}

    async def _of_integrators(self, token_hashes: Sequence[str], now: datetime) -> dict[str, SessionVerdict]:
        if not token_hashes:
            return {}
        tokens = await self._tokens.find(token_hashes)
        owners = await self._integrators.of_tokens(tokens) if tokens else {}
        return {token.token_hash: _token_verdict(token, owners.get(token.integrator_id), now) for token in tokens}

    async def _write_activity(self, documents: Iterable[Document], now: datetime) -> None:
        due = [document for document in documents if self._is_due(document, now)]
        await asyncio.gather(*(self._extend(document, now) for document in due))

    def _is_due(self, document: Document, now: datetime) -> bool:
        session = document["session"]
        idle_until: datetime = session["idle_until"]
        last_written = idle_until - self._lifetimes.idle(document["kind"])
        return _is_live(session, now) and now - last_written >= _WRITE_ACTIVITY_EVERY

    async def _extend(self, document: Document, now: datetime) -> None:
        session = document["session"]
        idle_until = min(now + self._lifetimes.idle(document["kind"]), session["absolute_until"])
        query = {
            "_id": document["_id"],
            "session.token_hash": session["token_hash"],
            "session.idle_until": {"$lt": idle_until},
        }
        with translated():
            await self._collection.update_one(query, {"$set": {"session.idle_until": idle_until}})


def _is_live(session: Document, now: datetime) -> bool:
    return session_of(session).is_live(now)


def _verdict(document: Document, now: datetime) -> SessionVerdict:
    if document["status"] != "active" or not _is_live(document["session"], now):
        return _EXPIRED
    return ValidSession(
        kind=document["kind"],
        account_id=document["_id"],
        person_id=document["person_id"],
        roles=tuple(document["roles"]),
        agency_code=document["agency_code"],
        epoch=document["session"]["epoch"],
    )


def _token_verdict(token: StoredToken, owner: StoredIntegrator | None, now: datetime) -> SessionVerdict:
    if owner is None or now >= token.expires_at or not owner.knows(token, now):
        return _EXPIRED
    return ValidSession(
        kind="integrator",
        account_id=owner.integrator_id,
        epoch=owner.revision,
        # What was taken away since counts at once; what was given since takes a new token.
        scopes=tuple(scope for scope in token.scopes if scope in owner.scopes),
    )


def _farewell(mark: Document) -> SessionVerdict:
    if mark["reason"] == "replaced" and mark["new_device_kind"] is not None:
        return ReplacedSession(replaced_at=mark["ended_at"], new_device_kind=mark["new_device_kind"])
    return EndedSession(state="expired", reason=mark["reason"], ended_at=mark["ended_at"])
