"""Invitations of staff: who holds the secret may set password and second factor, once (SEC-43).

    {_id, staff_id, revision, token_hash, expires_at, removed_at, user_name, totp,
     accepted: null | {at, password}}

The secret's hash only; `user_name` and `totp` are blobs. `accepted` is set by one conditional update, so that of two
who accept at once one does. What follows is done from here, also by the sweep when a process was killed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from ansinh_kit.mongo import Database, Document, DuplicateKeyError, translated

_COLLECTION: Final = "staff_invitations"
_KEPT_AFTER: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredInvitation:
    """`revision` is the member's when they were invited; `password` the accepted one's hash."""

    invitation_id: str
    staff_id: str
    revision: int
    expires_at: datetime
    user_name: Mapping[str, Any] = field(repr=False)
    totp: Mapping[str, Any] = field(repr=False)
    accepted_at: datetime | None = None
    password: str | None = field(default=None, repr=False)


class StaffInvitations:
    def __init__(self, database: Database) -> None:
        self._collection = database[_COLLECTION]

    async def create_indexes(self) -> None:
        with translated():
            await self._collection.create_index([("token_hash", 1)], unique=True)
            await self._collection.create_index([("staff_id", 1)])
            await self._collection.create_index([("accepted.at", 1)])
            # Not of those accepted: what follows from them has to be done first.
            await self._collection.create_index([("removed_at", 1)], expireAfterSeconds=0)

    async def issue(self, invitation: StoredInvitation, *, token_hash: str) -> bool:
        """Make the invitation, or give the one that was made by the same request another secret.

        Returns:
            Whether the secret counts; it does not if the invitation was accepted already.
        """
        document = _document(invitation) | {"token_hash": token_hash}
        try:
            with translated():
                await self._collection.insert_one(document)
        except DuplicateKeyError:
            return await self._reissue(invitation.invitation_id, token_hash)
        return True

    async def _reissue(self, invitation_id: str, token_hash: str) -> bool:
        with translated():
            result = await self._collection.update_one(
                {"_id": invitation_id, "accepted": None}, {"$set": {"token_hash": token_hash}}
            )
        return result.matched_count == 1

    async def find(self, token_hash: str) -> StoredInvitation | None:
        with translated():
            document = await self._collection.find_one({"token_hash": token_hash})
        return None if document is None else _invitation(document)

    async def accept(self, invitation: StoredInvitation, *, token_hash: str, password: str, now: datetime) -> bool:
        """Use the secret up and keep the password's hash with it; `False` if it was used up before."""
        unused = {"_id": invitation.invitation_id, "token_hash": token_hash, "accepted": None}
        used = {"$set": {"accepted": {"at": now, "password": password}}, "$unset": {"removed_at": ""}}
        with translated():
            result = await self._collection.update_one(unused, used)
        return result.matched_count == 1

    async def accepted_before(self, moment: datetime, *, limit: int = 100) -> list[StoredInvitation]:
        """Return those whose acceptance a killed process may have left half done."""
        with translated():
            documents = await self._collection.find({"accepted.at": {"$lt": moment}}).limit(limit).to_list(None)
        return [_invitation(document) for document in documents]

    async def remove(self, invitation_id: str) -> None:
        with translated():
            await self._collection.delete_one({"_id": invitation_id})


def _document(invitation: StoredInvitation) -> Document:
    return {
        "_id": invitation.invitation_id,
        "staff_id": invitation.staff_id,
        "revision": invitation.revision,
        "expires_at": invitation.expires_at,
        "removed_at": invitation.expires_at + _KEPT_AFTER,
        "user_name": invitation.user_name,
        "totp": invitation.totp,
        "accepted": None,
    }


def _invitation(document: Document) -> StoredInvitation:
    accepted = document["accepted"]
    return StoredInvitation(
        invitation_id=document["_id"],
        staff_id=document["staff_id"],
        revision=document["revision"],
        expires_at=document["expires_at"],
        user_name=document["user_name"],
        totp=document["totp"],
        accepted_at=None if accepted is None else accepted["at"],
        password=None if accepted is None else accepted["password"],
    )
