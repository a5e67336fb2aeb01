"""Snapshots on MongoDB: one document per stream, of one schema, replaced only by a newer one."""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any, Final, Generic, TypeVar

import structlog
from pydantic import TypeAdapter

from ansinh_kit.database import Database, DatabaseRefusedError, Document, DuplicateKeyError
from ansinh_kit.errors import UnavailableError
from ansinh_kit.event_store.snapshots import SNAPSHOT_EVERY, Snapshot
from ansinh_kit.mongo import translated
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.personal_data.keyring import SubjectErasedError

State = TypeVar("State")

_FINGERPRINT_DIGITS: Final = 16

log = structlog.get_logger(__name__)


_PREFIX: Final = "snapshots_"


async def drop_snapshots_of(database: Database, subject_id: str) -> None:
    """Remove every snapshot that holds something of the person."""
    with translated():
        for name in await database.list_collection_names():
            if name.startswith(_PREFIX):
                await database[name].delete_many({"subject": subject_id})


class MongoSnapshots(Generic[State]):
    """Snapshots of one aggregate's states, encrypted under the subject's key where a state has a subject.

    A snapshot is thrown away when the shape of `state_type` has changed, by itself, or when `version` has.

    Args:
        name: The aggregate's name; its snapshots are the collection `snapshots_<name>`.
        version: Raise it when `evolve` comes to another state from the same events.
        subject_of: Whose personal data a state holds; returns `None` for a state that holds none.
    """

    def __init__(
        self,
        database: Database,
        *,
        name: str,
        version: int,
        state_type: type[State],
        subject_of: Callable[[State], str | None],
        cipher: PersonalDataCipher,
        every: int = SNAPSHOT_EVERY,
    ) -> None:
        self.every = every
        self._collection = database[f"{_PREFIX}{name}"]
        self._adapter: TypeAdapter[State] = TypeAdapter(state_type)
        self._schema = f"{version}/{_fingerprint(self._adapter)}"
        self._subject_of = subject_of
        self._cipher = cipher

    async def find(self, stream_id: str) -> Snapshot[State] | None:
        """Return the newest snapshot that the present code can read; `None` if there is none.

        Raises:
            TamperedDataError: The encrypted state was changed or moved.
            UnavailableError: The server or the keyring did not answer.
        """
        with translated():
            document = await self._collection.find_one({"_id": stream_id, "schema": self._schema})
        if document is None:
            return None
        payload = await self._opened(stream_id, document)
        return None if payload is None else Snapshot(self._adapter.validate_json(payload), document["version"])

    async def save(self, stream_id: str, snapshot: Snapshot[State]) -> None:
        """Keep the snapshot unless there is a newer one. Raises nothing: what it stands for is already in the log."""
        try:
            content = await self._sealed(stream_id, snapshot)
            await self._replace_older(stream_id, snapshot.version, content)
        except (UnavailableError, DatabaseRefusedError, SubjectErasedError) as error:
            log.warning("snapshot_not_saved", stream_id=stream_id, reason=type(error).__name__)

    async def _replace_older(self, stream_id: str, version: int, content: Mapping[str, Any]) -> None:
        older = {"_id": stream_id, "$or": [{"schema": {"$ne": self._schema}}, {"version": {"$lt": version}}]}
        document = {"schema": self._schema, "version": version, **content}
        try:
            with translated():
                await self._collection.replace_one(older, document, upsert=True)
        except DuplicateKeyError:
            # The document is there and not older: another process was faster.
            return

    async def _sealed(self, stream_id: str, snapshot: Snapshot[State]) -> dict[str, Any]:
        payload = self._adapter.dump_json(snapshot.state)
        subject_id = self._subject_of(snapshot.state)
        if subject_id is None:
            return {"state": payload}
        blob = await self._cipher.encrypt(subject_id, payload, context=self._place(stream_id, snapshot.version))
        return {"subject": subject_id, "personal": blob}

    async def _opened(self, stream_id: str, document: Document) -> bytes | None:
        if "personal" not in document:
            return bytes(document["state"])
        place = self._place(stream_id, document["version"])
        return await self._cipher.decrypt(document["subject"], document["personal"], context=place)

    def _place(self, stream_id: str, version: int) -> str:
        return f"snapshot|{self._collection.name}|{stream_id}|{version}|{self._schema}"


def _fingerprint(adapter: TypeAdapter[Any]) -> str:
    schema = json.dumps(adapter.json_schema(), sort_keys=True)
    return hashlib.sha256(schema.encode()).hexdigest()[:_FINGERPRINT_DIGITS]
