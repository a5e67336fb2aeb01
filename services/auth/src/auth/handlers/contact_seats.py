"""One phone or address belongs to one account; a family may share one, if an officer said so (V-16, LIM-22).

A contact has five seats, each reserved by at most one account: `<blind index>/0` to `/4`. Anybody who proved to have
the contact may take the first; the others are for accounts that may share. An account that left a contact keeps its
seat while the change can be objected to, so that taking it back is always possible; after that whoever asks next
frees it.
"""

from datetime import datetime
from typing import ClassVar, Final

from ansinh_contracts.auth import ContactSlot
from ansinh_kit.errors import RefusedError
from ansinh_kit.personal_data.blind_index import BlindIndex
from ansinh_kit.reservations import AlreadyReservedError, Reservations

from auth.domain.contact_changes import OBJECTION_LIFE
from auth.domain.contact_values import comparable
from auth.domain.holder import Account
from auth.storage.holders import Holders

FAMILY: Final = 5
ALONE: Final = 1


class ContactTakenError(RefusedError):
    """Another account has the contact. Said only to one who has shown a code that was sent there."""

    code: ClassVar[str] = "contact_taken"


class ContactSeats:
    def __init__(self, *, reservations: Reservations, index: BlindIndex, holders: Holders) -> None:
        self._reservations = reservations
        self._index = index
        self._holders = holders

    async def take(
        self, slot: ContactSlot, value: str, *, account_id: str, most: int, commit_id: str, now: datetime
    ) -> None:
        """Give the account a seat of the contact, before the commit that records it.

        Args:
            most: How many accounts may have the contact, this one included.

        Raises:
            ContactTakenError: As many others have it.
        """
        contact = comparable(slot, value)
        scope = f"contact_{contact[0]}"
        keys = [f"{index}/{seat}" for index in self._index.all_of(scope, contact[1]) for seat in range(FAMILY)]
        owners = await self._reservations.find_owners(scope, keys)
        for key, owner in list(owners.items()):
            if owner == account_id:
                await self._reservations.reserve(scope, key, owner=account_id, commit_id=commit_id)
                return
            if await self._gave_up(owner, contact, now):
                await self._reservations.release(scope, key, owner=owner)
                del owners[key]
        # All taken: asking for those marks them as contested, so that one whose commit never came is freed.
        wanted = list(owners) if len(owners) >= most else [key for key in keys[:most] if key not in owners]
        for key in wanted:
            try:
                await self._reservations.reserve(scope, key, owner=account_id, commit_id=commit_id)
            except AlreadyReservedError:
                continue
            return
        raise ContactTakenError

    async def move_to_newest(self, account_id: str, *, commit_id: str, now: datetime) -> int:
        """Take the same seats under the newest root key, then give those under older ones back; return how many."""
        account = await self._holders.account(account_id)
        moved = 0
        for contact in sorted(_needed(account, now)):
            moved += await self._move(contact, account_id, commit_id)
        return moved

    async def _move(self, contact: tuple[str, str], account_id: str, commit_id: str) -> bool:
        scope = f"contact_{contact[0]}"
        newest, *older = self._index.all_of(scope, contact[1])
        held = [
            key
            for key in (f"{index}/{seat}" for index in older for seat in range(FAMILY))
            if await self._reservations.find_owner(scope, key) == account_id
        ]
        if held:
            await self._sit_down(scope, newest, account_id, commit_id)
        for key in held:
            await self._reservations.release(scope, key, owner=account_id)
        return bool(held)

    async def _sit_down(self, scope: str, index: str, account_id: str, commit_id: str) -> None:
        for seat in range(FAMILY):
            try:
                await self._reservations.reserve(scope, f"{index}/{seat}", owner=account_id, commit_id=commit_id)
            except AlreadyReservedError:
                continue
            return
        raise ContactTakenError

    async def _gave_up(self, owner: str, contact: tuple[str, str], now: datetime) -> bool:
        """Whether the owner's account left the contact, and cannot get it back by an objection any more."""
        account = await self._holders.account(owner)
        return contact in account.left and contact not in _needed(account, now)


def _needed(account: Account, now: datetime) -> set[tuple[str, str]]:
    holder = account.holder
    kept = {} if holder is None else holder.contacts
    needed = {comparable(slot, contact.value) for slot, contact in kept.items()}
    for change in account.changes:
        if change.before is not None and now < change.changed_at + OBJECTION_LIFE:
            needed.add(comparable(change.slot, change.before.value))
    return needed
