"""The contacts of an account: what its holder sees of them, and an officer's word that a family may share them."""

from dataclasses import dataclass

from ansinh_contracts.auth import ContactSlot
from ansinh_kit.clock import Clock
from ansinh_kit.decider import handle
from ansinh_kit.errors import NotFoundError
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.events import Metadata

from auth.domain.account import ACCOUNT, stream_of
from auth.domain.contact_changes import NoHolderError
from auth.domain.contact_commands import AllowSharing
from auth.domain.contact_values import looks_like_a_company
from auth.domain.recipients import recipient
from auth.storage.holders import Holders


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactShown:
    """`looks_like_a_company`: the holder may lose the address with the job, and should be told so (U-07)."""

    slot: ContactSlot
    masked: str
    confirmed: bool
    looks_like_a_company: bool


class Contacts:
    def __init__(self, *, holders: Holders, store: EventStore, clock: Clock) -> None:
        self._holders = holders
        self._store = store
        self._clock = clock

    async def of(self, account_id: str) -> list[ContactShown]:
        """Return the account's contacts, masked.

        Raises:
            NotFoundError: There is no such citizen's account.
        """
        holder = await self._holders.get(account_id)
        return [
            ContactShown(
                slot=slot,
                masked=recipient(holder, slot, contact.value).masked,
                confirmed=contact.confirmed,
                looks_like_a_company=slot == "email" and looks_like_a_company(contact.value),
            )
            for slot, contact in holder.contacts.items()
        ]

    async def allow_sharing(
        self, account_id: str, *, officer_id: str, agency_code: str, commit_id: str, metadata: Metadata
    ) -> None:
        """Let the account have contacts that up to four others of the family have too (V-16, LIM-22).

        Raises:
            NotFoundError: There is no such citizen's account, or another agency is in charge of it.
        """
        command = AllowSharing(now=self._clock.now(), officer_id=officer_id, agency_code=agency_code)
        try:
            await handle(self._store, stream_of(account_id), command, ACCOUNT, commit_id=commit_id, metadata=metadata)
        except NoHolderError as error:
            raise NotFoundError from error
