"""Which account an e-ID logs in to: one e-ID an account and one account an e-ID, whoever is faster (V-12, I5)."""

from ansinh_kit.clock import Clock
from ansinh_kit.decider import handle
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.events import Metadata
from ansinh_kit.reservations import AlreadyReservedError, Reservations

from auth.domain.account import ACCOUNT, stream_of
from auth.domain.contact_changes import OBJECTION_LIFE, NoHolderError
from auth.domain.e_id.claims import ProvenIdentity
from auth.domain.e_id.events import LinkedBy, change_of
from auth.domain.e_id.links import LinkEId, OtherEIdLinkedError, UnlinkEId
from auth.domain.e_id.state import EIdState
from auth.domain.holder import Holder
from auth.storage.holders import Holders
from auth.storage.identities import Identities
from auth.storage.objections import ObjectionDocuments


class EIdLinks:
    def __init__(
        self,
        *,
        store: EventStore,
        holders: Holders,
        identities: Identities,
        reservations: Reservations,
        objections: ObjectionDocuments,
        clock: Clock,
    ) -> None:
        self._store = store
        self._holders = holders
        self._identities = identities
        self._reservations = reservations
        self._objections = objections
        self._clock = clock

    async def state_of(self, account_id: str) -> EIdState:
        return (await self._holders.account(account_id)).e_id

    async def link(
        self, account_id: str, identity: ProvenIdentity, *, by: LinkedBy, round_id: str, metadata: Metadata
    ) -> None:
        """Let this e-ID, and no other, log in to the account; nothing happens if it does already.

        Args:
            round_id: The round in which it was shown; it makes one change, however often it is repeated.

        Raises:
            CitizenNumberDiffersError: The account was declared with another number.
            OtherEIdLinkedError: The account has another e-ID, or the e-ID another account.
            EIdSwitchedOffError: The holder unlinked, and this is a log-in.
            NoHolderError: There is no such citizen's account.
        """
        holder = await self._holder(account_id)
        standing = await self.state_of(account_id)
        if standing.link is not None and standing.link.is_of(identity.issuer, identity.subject):
            return
        change_id = change_of(round_id)
        command = LinkEId(
            change_id=change_id,
            now=self._clock.now(),
            objection_key=await self._prepared(holder, change_id),
            issuer=identity.issuer,
            subject=identity.subject,
            citizen_number=identity.citizen_number,
            by=by,
        )
        key = self._identities.of_e_id(identity.issuer, identity.subject)
        if await self._identities.find_account(key) not in (None, account_id):
            raise OtherEIdLinkedError
        try:
            async with self._reservations.held([(key.scope, key.index)], owner=account_id, commit_id=change_id):
                await handle(
                    self._store, stream_of(account_id), command, ACCOUNT, commit_id=change_id, metadata=metadata
                )
        except AlreadyReservedError as error:
            raise OtherEIdLinkedError from error

    async def unlink(self, account_id: str, *, request_id: str, metadata: Metadata) -> None:
        """Let no e-ID log in to the account any more; nothing happens if none does.

        Raises:
            NoHolderError: There is no such citizen's account.
        """
        holder = await self._holder(account_id)
        standing = await self.state_of(account_id)
        if standing.switched_off:
            return
        change_id = change_of(request_id)
        command = UnlinkEId(
            change_id=change_id, now=self._clock.now(), objection_key=await self._prepared(holder, change_id)
        )
        await handle(self._store, stream_of(account_id), command, ACCOUNT, commit_id=change_id, metadata=metadata)
        if standing.link is not None:
            key = self._identities.of_e_id(standing.link.issuer, standing.link.subject)
            for index in (key.index, *key.older):
                # Unless it was linked again meanwhile: then it is the later link's.
                await self._reservations.release_unless_asked_anew(
                    key.scope, index, owner=account_id, known={standing.link.change_id}
                )

    async def _holder(self, account_id: str) -> Holder:
        holder = await self._holders.find(account_id)
        if holder is None:
            raise NoHolderError
        return holder

    async def _prepared(self, holder: Holder, change_id: str) -> str:
        """Let whoever is told object; of a change that never comes an entry stays that nothing stands behind."""
        return await self._objections.prepare(holder, change_id, ends_at=self._clock.now() + OBJECTION_LIFE)
