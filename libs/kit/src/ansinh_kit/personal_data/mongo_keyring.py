"""The keyring in MongoDB, in a database of its own: own credentials, own backups. Source: PII-02, ADR-0004.

One document per person: `{_id, status, keys: [{version, wrapping_key, nonce, ciphertext}]}`. Its unique `_id` makes
processes agree on the first key; a forgotten person's document stays, without keys, so that none is ever made again.
"""

import asyncio
import json
import os
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from ansinh_kit.batches import IDS_AT_ONCE, batches
from ansinh_kit.errors import UnavailableError
from ansinh_kit.mongo import BulkRejectedError, Database, Document, DuplicateKeyError, translated
from ansinh_kit.personal_data.key_cache import KeyCache
from ansinh_kit.personal_data.keyring import DATA_KEY_BYTES, DataKey, DataKeyMissingError, SubjectErasedError
from ansinh_kit.personal_data.wrapping import KeyWrapper, WrappedKey

COLLECTION: Final = "keyring"
ACTIVE: Final = "active"
ERASED: Final = "erased"
_ATTEMPTS: Final = 8
_MADE_AT_ONCE: Final = 1_000
_QUESTIONS_AT_ONCE: Final = 5

_FORGOTTEN: Final = ()
"""Cached for a forgotten person: it stays true for ever, and everything of theirs that is replayed would ask again."""

_Keys: TypeAlias = tuple[DataKey, ...] | None
"""A person's keys, oldest first, empty if there are none yet; `None` if the person was forgotten."""


class MongoKeyring:
    """Keys wrapped by `wrapper`, cached in this process for at most `cache_seconds` (LIM-28)."""

    def __init__(
        self,
        database: Database,
        wrapper: KeyWrapper,
        *,
        cache_capacity: int = 10_000,
        cache_seconds: float = 60.0,
        monotonic_seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._collection = database[COLLECTION]
        self._wrapper = wrapper
        self._cache = KeyCache(
            capacity=cache_capacity, lifetime_seconds=cache_seconds, monotonic_seconds=monotonic_seconds
        )

    async def data_key(self, subject_id: str) -> DataKey:
        cached = self._cache.find(subject_id)
        keys = await self._load(subject_id) if cached is None else _known(cached)
        if keys is None:
            raise SubjectErasedError(subject_id)
        return keys[-1] if keys else await self._add_key(subject_id)

    async def find_data_key(self, subject_id: str, version: int) -> DataKey | None:
        cached = self._cache.find(subject_id)
        if cached == _FORGOTTEN:
            return None
        key = _version(cached or (), version)
        if key is not None:
            return key
        # Not here, or made by another process since: only the database can tell lost from erased.
        keys = await self._load(subject_id)
        if keys is None:
            return None
        key = _version(keys, version)
        if key is None:
            raise DataKeyMissingError(subject_id, version)
        return key

    async def data_keys(self, subject_ids: Collection[str]) -> Mapping[str, DataKey]:
        found = await self._find_many(subject_ids)
        without = [subject_id for subject_id, keys in found.items() if keys == ()]
        for batch in batches(without, _MADE_AT_ONCE):
            found |= await self._insert_first_keys(batch)
        return {subject_id: keys[-1] for subject_id, keys in found.items() if keys}

    async def prefetch(self, subject_ids: Collection[str]) -> None:
        await self._find_many(subject_ids)

    async def renew(self, subject_id: str) -> DataKey:
        before = await self.data_key(subject_id)
        return await self._add_key(subject_id, after_version=before.version)

    async def forget(self, subject_id: str) -> None:
        for _ in range(_ATTEMPTS):
            try:
                with translated():
                    await self._collection.update_one(
                        {"_id": subject_id}, {"$set": {"status": ERASED, "keys": []}}, upsert=True
                    )
            except DuplicateKeyError:
                # The person's first key was being made at the same moment; now there is a document to update.
                continue
            self._cache.drop(subject_id)
            return
        raise UnavailableError("keyring")

    async def is_forgotten(self, subject_id: str) -> bool:
        with translated():
            return await self._collection.find_one({"_id": subject_id, "status": ERASED}) is not None

    async def forgotten_among(self, subject_ids: Collection[str]) -> frozenset[str]:
        forgotten: set[str] = set()
        for batch in batches(subject_ids, IDS_AT_ONCE):
            with translated():
                documents = await self._collection.find({"_id": {"$in": batch}, "status": ERASED}, {"_id": 1}).to_list()
            forgotten |= {document["_id"] for document in documents}
        return frozenset(forgotten)

    async def _add_key(self, subject_id: str, *, after_version: int = 0) -> DataKey:
        """Add the version after `after_version`; if another process was faster, take that one's."""
        key, entry = await self._new_key(subject_id, after_version + 1)
        asked_at = self._cache.now_seconds()
        if key.version == 1 and await self._insert_first(subject_id, entry):
            self._cache.put(subject_id, (key,), asked_at_seconds=asked_at)
            return key
        if key.version > 1:
            await self._push(subject_id, entry, after_version)
        return await self._newest(subject_id, at_least=key.version)

    async def _new_key(self, subject_id: str, version: int) -> tuple[DataKey, Document]:
        """Return a key that stands nowhere yet, and the entry it is stored as."""
        key = DataKey(version, os.urandom(DATA_KEY_BYTES))
        wrapped = await self._wrapper.wrap(key.material, context=key_context(subject_id, version))
        return key, wrapped_entry(version, wrapped)

    async def _insert_first(self, subject_id: str, entry: Document) -> bool:
        try:
            with translated():
                await self._collection.insert_one(_first_document(subject_id, entry))
        except DuplicateKeyError:
            return False  # Another process made the first key, or the person was forgotten: the caller reads which.
        return True

    async def _insert_first_keys(self, subject_ids: Collection[str]) -> dict[str, _Keys]:
        """Make first keys for many; where another process was faster, or the person was forgotten, say what stands."""
        made = {subject_id: await self._new_key(subject_id, 1) for subject_id in subject_ids}
        asked_at = self._cache.now_seconds()
        documents = [_first_document(subject_id, entry) for subject_id, (_, entry) in made.items()]
        overtaken: list[str] = []
        try:
            with translated():
                await self._collection.insert_many(documents, ordered=False)
        except BulkRejectedError as rejected:
            overtaken = [documents[failure.index]["_id"] for failure in rejected.failures]
        keys: dict[str, _Keys] = {subject_id: (key,) for subject_id, (key, _) in made.items()}
        for subject_id in keys.keys() - set(overtaken):
            self._cache.put(subject_id, keys[subject_id] or (), asked_at_seconds=asked_at)
        return keys | await self._load_many(overtaken)

    async def _push(self, subject_id: str, entry: Document, after_version: int) -> None:
        # The size in the filter: of two processes that renew at once, one adds the next version.
        unchanged = {"_id": subject_id, "status": ACTIVE, "keys": {"$size": after_version}}
        with translated():
            await self._collection.update_one(unchanged, {"$push": {"keys": entry}})

    async def _newest(self, subject_id: str, *, at_least: int) -> DataKey:
        keys = await self._load(subject_id)
        if keys is None:
            raise SubjectErasedError(subject_id)
        if len(keys) < at_least:
            raise DataKeyMissingError(subject_id, at_least)
        return keys[-1]

    async def _find_many(self, subject_ids: Iterable[str]) -> dict[str, _Keys]:
        cached = {subject_id: self._cache.find(subject_id) for subject_id in subject_ids}
        found = {subject_id: _known(keys) for subject_id, keys in cached.items() if keys is not None}
        return found | await self._load_many([subject_id for subject_id, keys in cached.items() if keys is None])

    async def _load(self, subject_id: str) -> _Keys:
        return (await self._load_many([subject_id]))[subject_id]

    async def _load_many(self, subject_ids: Collection[str]) -> dict[str, _Keys]:
        loaded: dict[str, _Keys] = dict.fromkeys(subject_ids, ())
        # Several at once: one after the other, each would wait for whatever the process computes meanwhile.
        for several in batches(batches(subject_ids, IDS_AT_ONCE), _QUESTIONS_AT_ONCE):
            asked_at = self._cache.now_seconds()
            for documents in await asyncio.gather(*[self._stored(batch) for batch in several]):
                for document in documents:
                    loaded[document["_id"]] = await self._remembered(document, asked_at)
        return loaded

    async def _stored(self, subject_ids: Sequence[str]) -> Sequence[Document]:
        with translated():
            return await self._collection.find({"_id": {"$in": subject_ids}}).to_list()

    async def _remembered(self, document: Document, asked_at_seconds: float) -> _Keys:
        """Return the keys of a person's document, kept in the cache; of a forgotten person that there are none."""
        subject_id = document["_id"]
        if document["status"] == ERASED:
            self._cache.put(subject_id, _FORGOTTEN, asked_at_seconds=asked_at_seconds)
            return None
        keys = tuple([await self._unwrapped(subject_id, entry) for entry in document["keys"]])
        self._cache.put(subject_id, keys, asked_at_seconds=asked_at_seconds)
        return keys

    async def _unwrapped(self, subject_id: str, entry: Mapping[str, Any]) -> DataKey:
        version = int(entry["version"])
        material = await self._wrapper.unwrap(wrapped_key_of(entry), context=key_context(subject_id, version))
        return DataKey(version, material)


def key_context(subject_id: str, version: int) -> bytes:
    """Return what is authenticated with a wrapped key, so that it cannot be moved to another person or version."""
    return json.dumps(["ansinh-keyring-1", subject_id, version]).encode()


def wrapped_entry(version: int, wrapped: WrappedKey) -> Document:
    return {
        "version": version,
        "wrapping_key": wrapped.wrapping_key,
        "nonce": wrapped.nonce,
        "ciphertext": wrapped.ciphertext,
    }


def wrapped_key_of(entry: Mapping[str, Any]) -> WrappedKey:
    return WrappedKey(entry["wrapping_key"], bytes(entry["nonce"]), bytes(entry["ciphertext"]))


def _known(cached: tuple[DataKey, ...]) -> _Keys:
    return None if cached == _FORGOTTEN else cached


def _version(keys: tuple[DataKey, ...], version: int) -> DataKey | None:
    for key in reversed(keys):  # nearly always the newest, and asked for every event that is read
        if key.version == version:
            return key
    return None


def _first_document(subject_id: str, entry: Document) -> Document:
    return {"_id": subject_id, "status": ACTIVE, "keys": [entry]}
