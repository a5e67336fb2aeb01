"""Which of a range's last codes were entered: hardly any is how SMS toll fraud looks from here (LIM-11).

sms_range_use {_id: blind index of the range, codes: [{message_id, entered}], oldest first, delete_at}
"""

from datetime import datetime, timedelta
from typing import Final

import structlog
from ansinh_kit.mongo import Database, Document, DuplicateKeyError, translated
from prometheus_client import CollectorRegistry, Counter

from auth.domain.one_time_codes import LAST_CODES, hardly_entered

log = structlog.get_logger(__name__)

_COLLECTION: Final = "sms_range_use"
_REMEMBERED_FOR: Final = timedelta(days=30)


class CodeUse:
    def __init__(self, database: Database, registry: CollectorRegistry) -> None:
        self._ranges = database[_COLLECTION]
        self._alarm = Counter(
            "auth_codes_to_ranges_hardly_entering",
            "Codes sent to a range of phone numbers of whose last codes fewer than half were entered",
            registry=registry,
        )

    async def create_indexes(self) -> None:
        with translated():
            await self._ranges.create_index([("delete_at", 1)], expireAfterSeconds=0)

    async def note_sent(self, sms_range: str, message_id: str, at: datetime) -> None:
        """Remember a code that went to the range, and raise the alarm if those before it were hardly entered."""
        before = await self._push(sms_range, message_id, at)
        if hardly_entered([code["entered"] for code in before]):
            self._alarm.inc()
            log.warning("codes_hardly_entered", count=len(before))

    async def note_entered(self, sms_range: str, message_id: str) -> None:
        with translated():
            await self._ranges.update_one(
                {"_id": sms_range, "codes.message_id": message_id}, {"$set": {"codes.$.entered": True}}
            )

    async def _push(self, sms_range: str, message_id: str, at: datetime) -> list[Document]:
        """Append the code and return those before it."""
        new = {"$each": [{"message_id": message_id, "entered": False}], "$slice": -LAST_CODES}
        change = {"$push": {"codes": new}, "$set": {"delete_at": at + _REMEMBERED_FOR}}
        with translated():
            before = await self._ranges.find_one_and_update({"_id": sms_range}, change, return_document=False)
        if before is None:
            await self._begin(sms_range, change)
        return [] if before is None else list(before["codes"])

    async def _begin(self, sms_range: str, change: Document) -> None:
        """Make the range's document, with the code in it. Not by an upsert: of two first ones one would be lost."""
        try:
            with translated():
                await self._ranges.insert_one({"_id": sms_range, "codes": []})
        except DuplicateKeyError:
            log.info("sms_range_begun_twice")
        with translated():
            await self._ranges.update_one({"_id": sms_range}, change)
