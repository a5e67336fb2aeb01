"""Which account a number belongs to: one account per number, found without any number in the clear (I5, PII-05)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ansinh_kit.personal_data.blind_index import BlindIndex
from ansinh_kit.reservations import AlreadyReservedError, Reservations

SOCIAL_INSURANCE_NUMBER: Final = "social_insurance_number"
IDENTITY_NUMBER: Final = "identity_number"
STAFF_USER_NAME: Final = "staff_user_name"
E_ID_SUBJECT: Final = "e_id_subject"
_CITIZEN_NUMBER = re.compile(r"\d{12}")


@dataclass(frozen=True, slots=True)
class IdentityKey:
    """A kind of number and its blind index; `older` are those under root keys that are being rotated out."""

    scope: str
    index: str
    older: tuple[str, ...] = ()


class Identities:
    def __init__(self, reservations: Reservations, index: BlindIndex) -> None:
        self._reservations = reservations
        self._index = index

    def of_user_name(self, user_name: str) -> IdentityKey:
        """Return the key of what a citizen types as user name: the insurance number, or the citizen number (V-13)."""
        if _CITIZEN_NUMBER.fullmatch(user_name):
            return self.of_identity("citizen_id", user_name)
        return self.of_insurance_number(user_name)

    def of_insurance_number(self, number: str) -> IdentityKey:
        return self._key(SOCIAL_INSURANCE_NUMBER, number)

    def of_identity(self, kind: str, number: str) -> IdentityKey:
        # The 12 digits of an old identity card are the citizen number: one person's, under whichever name it came.
        if kind == "legacy_id" and _CITIZEN_NUMBER.fullmatch(number):
            kind = "citizen_id"
        return self._key(IDENTITY_NUMBER, f"{kind}:{number.upper()}")

    def of_any_identity(self, number: str) -> tuple[IdentityKey, ...]:
        """Return the keys of a paper's number for every kind of paper it may be of."""
        return tuple(self.of_identity(kind, number) for kind in ("citizen_id", "legacy_id", "passport"))

    def of_staff(self, user_name: str) -> IdentityKey:
        return self._key(STAFF_USER_NAME, user_name.casefold())

    def of_e_id(self, issuer: str, subject: str) -> IdentityKey:
        """Return the key of a person as one identity provider knows them."""
        return self._key(E_ID_SUBJECT, f"{issuer}|{subject}")

    def _key(self, scope: str, normalised: str) -> IdentityKey:
        newest, *older = self._index.all_of(scope, normalised)
        return IdentityKey(scope, newest, tuple(older))

    def blind(self, field: str, value: str) -> str:
        """Return the blind index of another value that attempts are counted by: a phone, an address."""
        return self._index.of(field, value)

    async def find_account(self, key: IdentityKey) -> str | None:
        for index in (key.index, *key.older):
            owner = await self._reservations.find_owner(key.scope, index)
            if owner is not None:
                return owner
        return None

    async def find_agreeing(self, number: IdentityKey, papers: Sequence[IdentityKey]) -> str | None:
        """Return the account that both the number and a paper are of; all are looked for, whatever is found."""
        of_number = await self.find_account(number)
        of_papers = [await self.find_account(paper) for paper in papers]
        return of_number if of_number in of_papers else None

    async def reserve(self, keys: Sequence[IdentityKey], *, account_id: str, commit_id: str) -> None:
        """Make all the numbers the account's own, or none of them.

        Raises:
            AlreadyReservedError: One belongs to another account, maybe under an older root key.
        """
        for key in keys:
            owner = await self.find_account(key)
            if owner not in (None, account_id):
                raise AlreadyReservedError(key.scope, str(owner))
        await self._reservations.reserve_all(
            [(key.scope, key.index) for key in keys], owner=account_id, commit_id=commit_id
        )

    async def move_to_newest(self, key: IdentityKey, *, owner: str, commit_id: str) -> bool:
        """Reserve under the newest root key what `owner` holds under an older one; `False` if it holds none there.

        The new one is there before the old one goes, so the number is nobody else's at any moment.

        Raises:
            AlreadyReservedError: Another account holds it under the newest key.
        """
        held = [index for index in key.older if await self._reservations.find_owner(key.scope, index) == owner]
        if held:
            await self._reservations.reserve(key.scope, key.index, owner=owner, commit_id=commit_id)
        for index in held:
            await self._reservations.release(key.scope, index, owner=owner)
        return bool(held)

    async def release_all(self, owner: str) -> None:
        """Give up every number of the account."""
        await self._reservations.release_all(owner)
