"""Whoever was told of a change objects: nobody enters until an agency has looked; a contact is what it was (V-11)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ansinh_kit.clock import Clock
from ansinh_kit.decider import handle
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.events import Metadata
from ansinh_kit.throttling.mongo import Throttles
from ansinh_kit.throttling.rules import Throttle, Window, Windows

from auth.domain.access.state import is_of_access
from auth.domain.account import ACCOUNT, stream_of
from auth.domain.contact_changes import ChangeNotStandingError, standing
from auth.domain.contact_commands import TakeBackChange
from auth.domain.e_id.events import is_of_e_id
from auth.domain.objections import normal_objection_code
from auth.domain.one_time_codes import CodeRefusedError
from auth.handlers.sessions import Sessions
from auth.storage.holders import Holders
from auth.storage.identities import Identities
from auth.storage.objections import Objection, ObjectionDocuments


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionLimits:
    per_address: Throttle = field(default_factory=lambda: Windows((Window(10, timedelta(minutes=10)),)))


class Objections:
    def __init__(
        self,
        *,
        documents: ObjectionDocuments,
        store: EventStore,
        holders: Holders,
        identities: Identities,
        sessions: Sessions,
        throttles: Throttles,
        limits: ObjectionLimits,
        clock: Clock,
    ) -> None:
        self._documents = documents
        self._store = store
        self._holders = holders
        self._identities = identities
        self._sessions = sessions
        self._throttles = throttles
        self._limits = limits
        self._clock = clock

    async def object(self, typed: str, *, address: str, metadata: Metadata) -> None:
        """Lock the account and take a change of contact back, once. Killed in between, the same code finishes it.

        Raises:
            CodeRefusedError: Unknown, used or late, or the change does not stand any more.
            TooManyAttemptsError: Too many codes from this address.
        """
        now = self._clock.now()
        by_address = f"objections-from:{self._identities.blind('address', address)}"
        await self._throttles.admit(by_address, self._limits.per_address, now)
        code = normal_objection_code(typed)
        found = None if code is None else await self._documents.find(code, now)
        if found is None:
            raise CodeRefusedError
        await self._undo(found, now, metadata)
        await self._documents.use(found, now)

    async def _undo(self, objection: Objection, now: datetime, metadata: Metadata) -> None:
        """Lock; and where a contact was changed, bring the earlier one back."""
        if is_of_access(objection.account_id, objection.change_id) or is_of_e_id(objection.change_id):
            await self._sessions.lock(objection.account_id, "objected", by="holder", metadata=metadata)
            return
        try:
            standing(await self._holders.account(objection.account_id), objection.change_id, now)
        except ChangeNotStandingError as error:
            raise CodeRefusedError from error
        # Locked first: who changed the contact must not be in while it changes back.
        await self._sessions.lock(objection.account_id, "objected", by="holder", metadata=metadata)
        await handle(
            self._store,
            stream_of(objection.account_id),
            TakeBackChange(now=now, change_id=objection.change_id),
            ACCOUNT,
            commit_id=f"objection:{objection.change_id}",
            metadata=metadata,
        )
