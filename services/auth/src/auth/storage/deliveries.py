"""What became of the code that is on its way: told by notifications, shown on the code screen (U-02).

Kept in the challenge's own document (`delivered_at`, `failed_at`, `retry_at`) beside `handed_over_at`. And, so that
nobody is promised a code that will not leave, per range of phone numbers until when its budget is used up (LIM-10):

    sms_ranges {_id: blind index of the number less its last four digits, or `all`, closed_until, delete_at}

The counting itself is done in one place, where the messages leave: in notifications.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from ansinh_kit.mongo import Database, Document, DuplicateKeyError, translated

from auth.domain.challenges import Challenge
from auth.domain.code_subjects import CodeSubject
from auth.storage.challenge_documents import COLLECTION, of_document

_RANGES: Final = "sms_ranges"
_EVERY_RANGE: Final = "all"

DeliveryState = Literal["waiting", "held_back", "handed_over", "delivered", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeOnItsWay:
    """The newest code of a challenge. `retry_at`: it was held back, and is tried again, or may be asked for, then."""

    challenge: Challenge[CodeSubject]
    masked_target: str
    expires_at: datetime
    delivery: DeliveryState
    retry_at: datetime | None


class Deliveries:
    def __init__(self, database: Database) -> None:
        self._challenges = database[COLLECTION]
        self._ranges = database[_RANGES]

    async def create_indexes(self) -> None:
        with translated():
            await self._ranges.create_index([("delete_at", 1)], expireAfterSeconds=0)

    async def find(self, challenge_id: str) -> CodeOnItsWay | None:
        """Return the newest code of the challenge; `None` if none was sent."""
        with translated():
            document = await self._challenges.find_one({"_id": challenge_id})
        if document is None or document.get("message_id") is None:
            return None
        delivery = _state(document)
        return CodeOnItsWay(
            challenge=of_document(document),
            masked_target=document["masked_target"],
            expires_at=document["expires_at"],
            delivery=delivery,
            retry_at=document.get("retry_at") if delivery in ("held_back", "failed") else None,
        )

    async def note_delivered(self, challenge_id: str, message_id: str, at: datetime) -> None:
        await self._note(challenge_id, message_id, {"delivered_at": at})

    async def note_failed(self, challenge_id: str, message_id: str, at: datetime, retry_at: datetime | None) -> None:
        await self._note(challenge_id, message_id, {"failed_at": at, "retry_at": retry_at})

    async def note_held_back(self, challenge_id: str, message_id: str, retry_at: datetime) -> None:
        await self._note(challenge_id, message_id, {"retry_at": retry_at})

    async def close_range(self, challenge_id: str, until: datetime) -> None:
        """Remember that no SMS leaves for the range of numbers this challenge went to; the latest end counts."""
        with translated():
            document = await self._challenges.find_one({"_id": challenge_id}, {"sms_range": 1})
        sms_range = None if document is None else document.get("sms_range")
        if sms_range is not None:
            await self._close(sms_range, until)

    async def close_all(self, until: datetime) -> None:
        """Do as `close_range`, for every number there is."""
        await self._close(_EVERY_RANGE, until)

    async def closed_until(self, sms_range: str) -> datetime | None:
        """Return until when no SMS leaves for this range, be it for its own budget or that of all."""
        with translated():
            found = await self._ranges.find({"_id": {"$in": [sms_range, _EVERY_RANGE]}}).to_list()
        return max((document["closed_until"] for document in found), default=None)

    async def _close(self, sms_range: str, until: datetime) -> None:
        closed = {"closed_until": until, "delete_at": until}
        try:
            with translated():
                await self._ranges.insert_one({"_id": sms_range, **closed})
        except DuplicateKeyError:
            with translated():
                await self._ranges.update_one({"_id": sms_range, "closed_until": {"$lt": until}}, {"$set": closed})

    async def _note(self, challenge_id: str, message_id: str, changes: Document) -> None:
        """Note it of this message only: what is said of the one before it says nothing of the newest."""
        with translated():
            await self._challenges.update_one({"_id": challenge_id, "message_id": message_id}, {"$set": changes})


def _state(document: Document) -> DeliveryState:
    """The furthest a message has come: reports come late, twice and out of order."""
    if document.get("delivered_at") is not None:
        return "delivered"
    if document.get("failed_at") is not None:
        return "failed"
    if document.get("handed_over_at") is not None:
        return "handed_over"
    return "waiting" if document.get("retry_at") is None else "held_back"
