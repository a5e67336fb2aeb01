"""Challenges, their codes and links in the database: counted before compared, used once (OTC-01 to OTC-03)."""

import hmac
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic

from ansinh_contracts.auth import CodePurpose
from ansinh_kit.key_list import KeyList
from ansinh_kit.mongo import Database, DuplicateKeyError, translated

from auth.domain.challenges import Challenge, Sending
from auth.domain.code_subjects import CodeSubject, SubjectT, SubjectT_co
from auth.domain.one_time_codes import CodeRules
from auth.storage.challenge_documents import COLLECTION, of_document, sent_fields, to_document, typed
from auth.storage.comparisons import Comparisons


@dataclass(frozen=True, slots=True)
class CountedTry(Generic[SubjectT_co]):
    """A try that was counted: it may be compared once."""

    challenge: Challenge[SubjectT_co]
    mac: str = field(repr=False)
    key_id: str
    message_id: str
    sms_range: str | None


class Challenges:
    def __init__(self, database: Database, *, code_keys: KeyList, rules: CodeRules, comparisons: Comparisons) -> None:
        self._comparisons = comparisons
        self._collection = database[COLLECTION]
        self._keys = code_keys
        self._rules = rules

    async def remove_of(self, person_id: str) -> None:
        """Remove the person's codes and links, sent or not."""
        with translated():
            await self._collection.delete_many({"person_id": person_id})

    async def create_indexes(self) -> None:
        with translated():
            await self._collection.create_index([("delete_at", 1)], expireAfterSeconds=0)
            await self._collection.create_index([("token_hash", 1)], unique=True, sparse=True)
            await self._collection.create_index([("outgoing.since", 1)], sparse=True)

    async def open(self, challenge: Challenge[CodeSubject]) -> None:
        """Store a challenge to which no code was sent yet."""
        with translated():
            await self._collection.insert_one(to_document(challenge))

    async def open_with_link(self, challenge: Challenge[CodeSubject], *, token_hash: str, sending: Sending) -> bool:
        """Store a challenge answered by a link's token; `False` if it was stored before."""
        document = {**to_document(challenge), "token_hash": token_hash, **sent_fields(sending, sendings=1)}
        try:
            with translated():
                await self._collection.insert_one(document)
        except DuplicateKeyError:
            return False
        return True

    async def replace_link(self, challenge: Challenge[CodeSubject], *, token_hash: str, sending: Sending) -> bool:
        """Let this link count in place of the one before it under the same id; `False` if another came in between."""
        with translated():
            await self._collection.delete_one({"_id": challenge.challenge_id})
        return await self.open_with_link(challenge, token_hash=token_hash, sending=sending)

    async def find(self, challenge_id: str, kind: type[SubjectT]) -> Challenge[SubjectT] | None:
        """Return the challenge about a subject of `kind`, over or not."""
        with translated():
            document = await self._collection.find_one({"_id": challenge_id})
        return None if document is None else typed(of_document(document), kind)

    async def put_code(self, challenge: Challenge[CodeSubject], *, code: str, sending: Sending) -> bool:
        """Let `code` be the one that counts, and send it; `False` if another code was sent, or one was used, meanwhile.

        The code before it is dead from here on. Tries go on counting where they stood (LIM-07). From here on the
        challenge is about the contact this code goes to.
        """
        key = self._keys.newest
        new = {
            "code": {"mac": challenge.binding().mac(key.material, code), "key": key.id},
            "slot": challenge.slot,
            "target_version": challenge.target_version,
        }
        query = {"_id": challenge.challenge_id, "sendings": challenge.sendings, "used_at": None}
        with translated():
            result = await self._collection.update_one(
                query, {"$set": {**new, **sent_fields(sending, sendings=challenge.sendings + 1)}}
            )
        return result.matched_count == 1

    async def count_try(
        self, challenge_id: str, kind: type[SubjectT], now: datetime, *, device_thumbprint: str | None
    ) -> CountedTry[SubjectT] | None:
        """Count a try; `None`, and nothing counted, if no code of this challenge can be right any more.

        That is: used, dead, tried out, about something else, or bound to another device key.
        """
        alive = {
            "_id": challenge_id,
            "purpose": kind.purpose,
            "device_thumbprint": device_thumbprint,
            "used_at": None,
            "tries": {"$lt": self._rules.tries},
            "expires_at": {"$gt": now},
            "ends_at": {"$gt": now},
        }
        with translated():
            document = await self._collection.find_one_and_update(alive, {"$inc": {"tries": 1}}, return_document=True)
        if document is None or document.get("code") is None:
            return None
        challenge = typed(of_document(document), kind)
        if challenge is None:
            return None
        return CountedTry(
            challenge,
            document["code"]["mac"],
            document["code"]["key"],
            message_id=document["message_id"],
            sms_range=document["sms_range"],
        )

    async def count_other_try(
        self, challenge_id: str, kind: type[SubjectT], now: datetime, *, device_thumbprint: str | None
    ) -> Challenge[SubjectT] | None:
        """Count a try of another secret than the sent code, which may not have come; else as `count_try`."""
        alive = {
            "_id": challenge_id,
            "purpose": kind.purpose,
            "device_thumbprint": device_thumbprint,
            "used_at": None,
            "tries": {"$lt": self._rules.tries},
            "ends_at": {"$gt": now},
        }
        with translated():
            document = await self._collection.find_one_and_update(alive, {"$inc": {"tries": 1}}, return_document=True)
        return None if document is None else typed(of_document(document), kind)

    def is_right(self, counted: CountedTry[CodeSubject], code: str) -> bool:
        """Compare in constant time; call it once for each counted try."""
        self._comparisons.of_code(counted.challenge.purpose)
        key = self._keys.find(counted.key_id)
        if key is None:
            return False
        return hmac.compare_digest(counted.challenge.binding().mac(key.material, code), counted.mac)

    async def find_by_token(self, token_hash: str, kind: type[SubjectT], now: datetime) -> Challenge[SubjectT] | None:
        """Return the live, unused challenge of a link."""
        query = {"token_hash": token_hash, "purpose": kind.purpose, "used_at": None, "expires_at": {"$gt": now}}
        with translated():
            document = await self._collection.find_one(query)
        return None if document is None else typed(of_document(document), kind)

    async def use(self, challenge_id: str, purpose: CodePurpose, now: datetime) -> bool:
        """Mark the challenge of this purpose as used; of any number of callers one gets `True` (I7)."""
        with translated():
            result = await self._collection.update_one(
                {"_id": challenge_id, "purpose": purpose, "used_at": None},
                {"$set": {"used_at": now}, "$unset": {"outgoing": ""}},
            )
        return result.matched_count == 1

    async def note_hand_over(self, challenge_id: str, message_id: str, at: datetime) -> None:
        """Let the life of the code count from `at`; a code that was replaced or handed over before is left alone."""
        query = {"_id": challenge_id, "message_id": message_id, "handed_over_at": None}
        with translated():
            document = await self._collection.find_one(query)
        if document is None:
            return
        challenge = of_document(document)
        expires_at = self._rules.expires_at(
            purpose=challenge.purpose,
            channel=challenge.channel,
            created_at=document["sent_at"],
            handed_over_at=at,
        )
        with translated():
            await self._collection.update_one(query, {"$set": {"handed_over_at": at, "expires_at": expires_at}})
