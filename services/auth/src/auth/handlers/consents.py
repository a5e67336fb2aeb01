"""The terms of use are shown to anyone, and accepted by the holder of an account in a session of that account."""

from dataclasses import dataclass

from ansinh_kit.clock import Clock
from ansinh_kit.decider import handle, load
from ansinh_kit.errors import NotFoundError
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.events import Metadata

from auth.domain.consent import CONSENTS, AcceptTerms, Terms, TermsAccepted, stream_of
from auth.storage.access_documents import AccessDocuments


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """What a session says it has read: the version, and the digest of the very text."""

    account_id: str
    session_epoch: int
    terms_version: str
    digest: str


class TermsOfUse:
    def __init__(self, *, store: EventStore, access: AccessDocuments, current: Terms, clock: Clock) -> None:
        self._store = store
        self._access = access
        self._clock = clock
        self.current = current

    async def accepted_by(self, account_id: str) -> tuple[TermsAccepted, ...]:
        """Return what the holder has accepted so far, oldest first."""
        return (await load(self._store, stream_of(account_id), CONSENTS)).state.accepted

    async def are_due(self, account_id: str) -> bool:
        """Say whether the holder still has to accept the version that counts now."""
        return all(one.terms_version != self.current.version for one in await self.accepted_by(account_id))

    async def accept(self, acceptance: Acceptance, *, metadata: Metadata) -> TermsAccepted:
        """Note the consent, once a version; return it as it was noted first.

        Raises:
            NotFoundError: The session is not the present one.
            TermsNotCurrentError: Another text counts by now.
        """
        entry = await self._access.find(acceptance.account_id)
        session = None if entry is None else entry.access.session
        if entry is None or session is None or session.epoch != acceptance.session_epoch:
            raise NotFoundError
        command = AcceptTerms(
            account_id=acceptance.account_id,
            person_id=entry.access.person_id,
            terms_version=acceptance.terms_version,
            digest=acceptance.digest,
            device_kind=session.device_kind,
            current=self.current,
            now=self._clock.now(),
        )
        handled = await handle(
            self._store,
            stream_of(acceptance.account_id),
            command,
            CONSENTS,
            commit_id=f"terms:{acceptance.account_id}:{self.current.version}",
            metadata=metadata,
        )
        noted = handled.state.to(self.current.version)
        if noted is None:
            raise NotFoundError
        return noted
