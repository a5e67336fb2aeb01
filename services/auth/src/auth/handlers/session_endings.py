"""All sessions are ended at once: they are over when the answer leaves; each account's event follows (SEC-58).

The tokens of integrators are over with them. They are no sessions and have no events: a new one takes the secret.
"""

from datetime import datetime

import structlog
from ansinh_kit.clock import Clock
from ansinh_kit.decider import handle, load
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.events import Metadata

from auth.domain.access.commands import EndSession
from auth.domain.session_endings import SESSION_ENDINGS, STREAM, EndAllSessions
from auth.domain.staff_roster.authority import check_administrator
from auth.handlers.staff_members import Act
from auth.handlers.staff_roster import StaffRoster
from auth.storage.access_documents import AccessDocuments
from auth.storage.followed import Followed
from auth.storage.integrator_tokens import IntegratorTokens
from auth.storage.pending_changes import PendingChanges

log = structlog.get_logger(__name__)


class AllSessions:
    """Ends them in two steps, so that a million sessions are over after one statement.

    The first lets the time of each run out, in its document: the next request finds it expired. The second ends them
    one by one as any session ends, with its event, which is also what the gateway's open streams hear of. A process
    killed in between leaves both to `follow_further`.
    """

    def __init__(
        self,
        *,
        store: EventStore,
        roster: StaffRoster,
        access: AccessDocuments,
        tokens: IntegratorTokens,
        pending: PendingChanges,
        followed: Followed,
        clock: Clock,
    ) -> None:
        self._store = store
        self._roster = roster
        self._access = access
        self._tokens = tokens
        self._pending = pending
        self._followed = followed
        self._clock = clock

    async def end(self, act: Act, actor_id: str) -> int:
        """End every session that was opened until now, the actor's own included; return how many that were.

        Tokens of integrators that were given until now end as well, and are not counted.

        Raises:
            NotEntitledError: The actor is no administrator any more.
            UnavailableError: Outcome unknown; repeat with the same commit id.
        """
        check_administrator(await self._roster.present(), actor_id)
        command = EndAllSessions(actor_id=actor_id, reason=act.reason, now=self._clock.now())
        handled = await handle(
            self._store, STREAM, command, SESSION_ENDINGS, commit_id=act.commit_id, metadata=act.metadata
        )
        until = handled.state.ended_until
        return 0 if until is None else await self._expire(until)

    async def follow_further(self) -> int:
        """Record the end of each session that was ended at once; return how many that were."""
        asked = await self._store.read_stream(STREAM, after_version=await self._followed.version())
        if not asked:
            return 0
        until = (await load(self._store, STREAM, SESSION_ENDINGS)).state.ended_until
        ended = 0
        if until is not None:
            await self._expire(until)
            for account_id, session_epoch in await self._access.sessions_opened_until(until):
                await self._end(account_id, session_epoch, asked[-1].metadata)
                ended += 1
        await self._followed.advance(asked[-1].version)
        log.warning("all_sessions_ended", count=ended)
        return ended

    async def _expire(self, until: datetime) -> int:
        await self._tokens.end_all(until)
        return await self._access.expire_sessions(until)

    async def _end(self, account_id: str, session_epoch: int, metadata: Metadata) -> None:
        command = EndSession(now=self._clock.now(), session_epoch=session_epoch, reason="ended_by_staff")
        await self._access.change(account_id, command, metadata=metadata)
        await self._pending.record_if_possible(account_id)
