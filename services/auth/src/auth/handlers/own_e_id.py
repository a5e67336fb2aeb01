"""The holder's own e-ID: linked inside a session, looked at, unlinked; each change is told on all contacts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from ansinh_kit.clock import Clock, IdGenerator
from ansinh_kit.events import Metadata

from auth.domain.access.factors import check_strong
from auth.domain.access.refusals import NotActiveError
from auth.handlers.e_id_links import EIdLinks
from auth.handlers.e_id_rounds import ReturnedRound, Rounds, StartedRound
from auth.handlers.session_proofs import InSession, SessionProofs
from auth.storage.single_use import Bound

EIdStanding = Literal["linked", "not_linked", "switched_off"]


@dataclass(frozen=True, slots=True)
class OwnEIdShown:
    """`not_linked`: the first log-in with the e-ID of the same citizen number links it; `switched_off`: none does."""

    state: EIdStanding
    linked_at: datetime | None


class OwnEId:
    def __init__(
        self, *, rounds: Rounds, links: EIdLinks, session_proofs: SessionProofs, clock: Clock, ids: IdGenerator
    ) -> None:
        self._rounds = rounds
        self._links = links
        self._session_proofs = session_proofs
        self._clock = clock
        self._ids = ids

    async def start(self, request: InSession, address: str) -> StartedRound:
        """Return where the holder goes to show the e-ID that is to be linked.

        Raises:
            DeviceKeyNeededError, StrongerLogInNeededError: Not enough was shown (`domain.access.factors`).
            EIdUnavailableError, TooManyAttemptsError: See `Rounds.begin`.
        """
        await self._check(request)
        return await self._rounds.begin("link", address, Bound(request.account_id, request.epoch))

    async def finish(self, request: InSession, returned: ReturnedRound, *, metadata: Metadata) -> None:
        """Let the e-ID that was shown log in from now on.

        Raises:
            DeviceKeyNeededError, StrongerLogInNeededError: Not enough was shown; the round stays good.
            EIdRefusedError, EIdUnavailableError: See `Rounds.finish`.
            CitizenNumberDiffersError, OtherEIdLinkedError: It is not this account's.
        """
        await self._check(request)
        identity = await self._rounds.finish(returned, "link", Bound(request.account_id, request.epoch))
        await self._links.link(request.account_id, identity, by="holder", round_id=returned.round_id, metadata=metadata)

    async def show(self, account_id: str) -> OwnEIdShown:
        state = await self._links.state_of(account_id)
        if state.link is not None:
            return OwnEIdShown("linked", state.link.linked_at)
        return OwnEIdShown("switched_off" if state.switched_off else "not_linked", None)

    async def unlink(self, request: InSession, *, metadata: Metadata) -> None:
        """Let no e-ID log in any more; nothing happens if none does.

        Raises:
            DeviceKeyNeededError, StrongerLogInNeededError: Not enough was shown.
        """
        await self._check(request)
        await self._links.unlink(request.account_id, request_id=self._ids.new_id(), metadata=metadata)

    async def _check(self, request: InSession) -> None:
        proven = await self._session_proofs.read(request)
        check_strong(proven.session, proven.thumbprint, self._clock.now())
        if proven.entry.access.status != "active":
            raise NotActiveError
