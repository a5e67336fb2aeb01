"""One-time codes and activation links as documents: counted before compared, used once (OTC-01 to OTC-03).

    {_id, purpose, channel, account_id, person_id, target_version, take_over: {epoch, device_kind, device_name},
     code: {mac, key} | token_hash, message_id, masked_target, sendings, sent_at, tries, expires_at, ends_at,
     used_at, outgoing: {sealed, expires_at}, delete_at}

`expires_at` is the end of the present code, `ends_at` that of the challenge. What is on its way to the person
stands in the same document (`outgoing`), so no crash comes between making a code and sending it.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from ansinh_contracts.auth import CodePurpose, DeviceKind
from ansinh_kit.key_list import KeyList
from ansinh_kit.mongo import Database, Document, DuplicateKeyError, translated

from auth.domain.one_time_codes import CodeBinding, CodeRules
from auth.storage.comparisons import Comparisons

COLLECTION: Final = "challenges"
_KEPT_AFTER_THE_END: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOver:
    """What the second device asked for: `epoch` is the state of the account it was warned about."""

    epoch: int
    device_kind: DeviceKind
    device_name: Mapping[str, Any] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """`account_id` is empty for a decoy: it answers like any other, and no code of it was ever sent."""

    challenge_id: str
    purpose: CodePurpose
    channel: Literal["sms", "email"]
    account_id: str
    person_id: str
    target_version: int
    ends_at: datetime
    sendings: int = 0
    tries: int = 0
    sent_at: datetime | None = None
    used_at: datetime | None = None
    take_over: TakeOver | None = None

    def is_open(self, now: datetime) -> bool:
        return self.used_at is None and now < self.ends_at

    def binding(self) -> CodeBinding:
        return CodeBinding(self.challenge_id, self.account_id, self.purpose, self.target_version)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """One code or link, and its message as ciphertext; `sealed` is `None` for a decoy."""

    message_id: str
    at: datetime
    expires_at: datetime
    masked_target: str
    sealed: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class CountedTry:
    """A try that was counted: it may be compared once."""

    challenge: Challenge
    mac: str = field(repr=False)
    key_id: str


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

    async def open(self, challenge: Challenge) -> None:
        """Store a challenge to which no code was sent yet."""
        with translated():
            await self._collection.insert_one(_document(challenge))

    async def open_with_link(self, challenge: Challenge, *, token_hash: str, sending: Sending) -> bool:
        """Store a challenge answered by a link's token; `False` if it was stored before."""
        document = {**_document(challenge), "token_hash": token_hash, **_sent(sending, sendings=1)}
        try:
            with translated():
                await self._collection.insert_one(document)
        except DuplicateKeyError:
            return False
        return True

    async def find(self, challenge_id: str) -> Challenge | None:
        with translated():
            document = await self._collection.find_one({"_id": challenge_id})
        return None if document is None else _challenge(document)

    async def put_code(self, challenge: Challenge, *, code: str, sending: Sending) -> bool:
        """Let `code` be the one that counts, and send it; `False` if another code was sent, or one was used, meanwhile.

        The code before it is dead from here on. Tries go on counting where they stood (LIM-07).
        """
        key = self._keys.newest
        new = {"code": {"mac": challenge.binding().mac(key.material, code), "key": key.id}}
        query = {"_id": challenge.challenge_id, "sendings": challenge.sendings, "used_at": None}
        with translated():
            result = await self._collection.update_one(
                query, {"$set": {**new, **_sent(sending, sendings=challenge.sendings + 1)}}
            )
        return result.matched_count == 1

    async def count_try(self, challenge_id: str, purpose: CodePurpose, now: datetime) -> CountedTry | None:
        """Count a try; `None`, and nothing counted, if the code is used, dead, for something else or tried out."""
        alive = {
            "_id": challenge_id,
            "purpose": purpose,
            "used_at": None,
            "tries": {"$lt": self._rules.tries},
            "expires_at": {"$gt": now},
            "ends_at": {"$gt": now},
        }
        with translated():
            document = await self._collection.find_one_and_update(alive, {"$inc": {"tries": 1}}, return_document=True)
        if document is None or document.get("code") is None:
            return None
        return CountedTry(_challenge(document), document["code"]["mac"], document["code"]["key"])

    def is_right(self, counted: CountedTry, code: str) -> bool:
        """Compare in constant time; call it once for each counted try."""
        self._comparisons.of_code(counted.challenge.purpose)
        key = self._keys.find(counted.key_id)
        if key is None:
            return False
        return hmac.compare_digest(counted.challenge.binding().mac(key.material, code), counted.mac)

    async def find_by_token(self, token_hash: str, purpose: CodePurpose, now: datetime) -> Challenge | None:
        """Return the live, unused challenge of a link."""
        query = {"token_hash": token_hash, "purpose": purpose, "used_at": None, "expires_at": {"$gt": now}}
        with translated():
            document = await self._collection.find_one(query)
        return None if document is None else _challenge(document)

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
        if document is None or document["channel"] != "sms":
            return
        expires_at = self._rules.expires_at(
            purpose=document["purpose"], created_at=document["sent_at"], handed_over_at=at
        )
        with translated():
            await self._collection.update_one(query, {"$set": {"handed_over_at": at, "expires_at": expires_at}})


def _document(challenge: Challenge) -> Document:
    take_over = challenge.take_over
    return {
        "_id": challenge.challenge_id,
        "purpose": challenge.purpose,
        "channel": challenge.channel,
        "account_id": challenge.account_id,
        "person_id": challenge.person_id,
        "target_version": challenge.target_version,
        "take_over": take_over
        and {
            "epoch": take_over.epoch,
            "device_kind": take_over.device_kind,
            "device_name": take_over.device_name,
        },
        "code": None,
        "sendings": 0,
        "sent_at": None,
        "tries": 0,
        "expires_at": challenge.ends_at,
        "ends_at": challenge.ends_at,
        "used_at": None,
        "delete_at": challenge.ends_at + _KEPT_AFTER_THE_END,
    }


def _sent(sending: Sending, *, sendings: int) -> Document:
    sent: Document = {
        "message_id": sending.message_id,
        "masked_target": sending.masked_target,
        "sendings": sendings,
        "sent_at": sending.at,
        "handed_over_at": None,
        "expires_at": sending.expires_at,
    }
    if sending.sealed is not None:
        sent["outgoing"] = {"sealed": sending.sealed, "since": sending.at}
    return sent


def _challenge(document: Document) -> Challenge:
    take_over = document["take_over"]
    return Challenge(
        challenge_id=document["_id"],
        purpose=document["purpose"],
        channel=document["channel"],
        account_id=document["account_id"],
        person_id=document["person_id"],
        target_version=document["target_version"],
        ends_at=document["ends_at"],
        sendings=document["sendings"],
        tries=document["tries"],
        sent_at=document["sent_at"],
        used_at=document["used_at"],
        take_over=None if take_over is None else TakeOver(**take_over),
    )
