"""The only module that knows the MongoDB driver. Source: ADR-0002 (how to swap it).

The rest of the tree is written against the protocols of `ansinh_kit.database`, named here too: one import will do.
No driver error leaves a `with translated():` block.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

import bson
from bson.errors import BSONError
from bson.raw_bson import RawBSONDocument
from gridfs.errors import CorruptGridFile, FileExists, NoFile
from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorGridFSBucket
from pymongo import DeleteMany, DeleteOne, InsertOne, ReplaceOne, UpdateMany, UpdateOne
from pymongo import errors as driver
from pymongo.read_concern import ReadConcern
from pymongo.read_preferences import ReadPreference
from pymongo.write_concern import WriteConcern

from ansinh_kit.database import (
    BulkRejectedError,
    Collection,
    Cursor,
    Database,
    DatabaseRefusedError,
    Document,
    DuplicateKeyError,
    FileDamagedError,
    FileMissingError,
    WriteFailure,
)
from ansinh_kit.errors import UnavailableError

__all__ = [
    "BulkRejectedError",
    "Collection",
    "Cursor",
    "Database",
    "DatabaseRefusedError",
    "DeleteMany",
    "DeleteOne",
    "Document",
    "DuplicateKeyError",
    "FileBucket",
    "FileMissingError",
    "InsertOne",
    "MongoClient",
    "ReplaceOne",
    "StoredFile",
    "UpdateMany",
    "UpdateOne",
    "WriteFailure",
    "connect",
    "encoded",
    "latest",
    "linearizable",
    "translated",
]

_DUPLICATE_KEY: Final = 11000
# Raised by a server that is busy with the same document; nothing was written, and the same call may be made again.
_WRITE_CONFLICT: Final = 112
# Well under the 5 s the gateway waits for an answer: the caller hears 503 and when to come again, no 504 (F-14).
_SELECTION_MILLISECONDS: Final = 2_000
_INDEX_NAME = re.compile(r"index: (\S+)")


class MongoClient:
    """A connection pool; one per process. Databases taken from it write and read by majority."""

    def __init__(self, client: AsyncIOMotorClient[Document]) -> None:
        self._client = client

    def database(self, name: str) -> Database:
        # Motor's stubs are wider than our protocols, and mypy cannot see through their `Any`: hence the cast.
        return cast(
            "Database",
            self._client.get_database(
                name, write_concern=WriteConcern("majority", j=True), read_concern=ReadConcern("majority")
            ),
        )

    async def ping(self) -> None:
        """Raise `UnavailableError` unless the server answers."""
        with translated():
            await self._client.get_database("admin").command("ping")

    async def drop_database(self, name: str) -> None:
        with translated():
            await self._client.drop_database(name)

    def close(self) -> None:
        self._client.close()


def connect(url: str, *, app_name: str, timeout_seconds: float = 10.0) -> MongoClient:
    """Return a client without talking to the server yet; `retryWrites` and everything else the URL names holds.

    Args:
        timeout_seconds: After so long without a connection or an answer the call raises `UnavailableError`; without
            any server to ask, after 2 s already.
    """
    milliseconds = int(timeout_seconds * 1000)
    client: AsyncIOMotorClient[Document] = AsyncIOMotorClient(
        url,
        appname=app_name,
        tz_aware=True,
        serverSelectionTimeoutMS=min(milliseconds, _SELECTION_MILLISECONDS),
        connectTimeoutMS=milliseconds,
        socketTimeoutMS=milliseconds,
        waitQueueTimeoutMS=milliseconds,
    )
    return MongoClient(client)


@contextmanager
def translated() -> Iterator[None]:
    """Turn what the driver raises into the kit's errors.

    Raises:
        DuplicateKeyError: A unique index refused a single write.
        BulkRejectedError: Writes of a bulk were refused; nothing else went wrong.
        UnavailableError: No server, no connection, no answer, or no majority: the outcome is unknown.
        DatabaseRefusedError: Anything else; its cause has the server's words and must not be shown.
    """
    try:
        yield
    except FileExists as error:
        raise DuplicateKeyError("_id_") from error
    except driver.DuplicateKeyError as error:
        raise DuplicateKeyError(_index_name(error.details)) from error
    except driver.BulkWriteError as error:
        raise _bulk_error(error) from error
    except (driver.ConnectionFailure, driver.ExecutionTimeout, driver.WriteConcernError) as error:
        raise UnavailableError("mongodb") from error
    except driver.OperationFailure as error:
        if error.code == _WRITE_CONFLICT or error.has_error_label("RetryableWriteError"):
            raise UnavailableError("mongodb") from error
        raise DatabaseRefusedError(error.code) from error
    except (driver.PyMongoError, BSONError, OverflowError, UnicodeError) as error:
        raise DatabaseRefusedError(None) from error


def latest(collection: Collection) -> Collection:
    """Return the collection read with writes that no majority has confirmed yet: they may still be undone."""
    return collection.with_options(read_concern=ReadConcern("local"))


def linearizable(collection: Collection) -> Collection:
    """Return the collection for reads of one document by `_id` that only a server that still is primary can answer."""
    return collection.with_options(read_concern=ReadConcern("linearizable"), read_preference=ReadPreference.PRIMARY)


def encoded(document: Document) -> RawBSONDocument:
    """Return the document as it is sent, to be sent as part of another: it takes `len(it.raw)` bytes there."""
    return RawBSONDocument(bson.encode(document))


def _bulk_error(error: driver.BulkWriteError) -> Exception:
    details = error.details
    if details["writeConcernErrors"] or any(failure["code"] == _WRITE_CONFLICT for failure in details["writeErrors"]):
        return UnavailableError("mongodb")
    return BulkRejectedError([_write_failure(failure) for failure in details["writeErrors"]])


def _write_failure(failure: Mapping[str, Any]) -> WriteFailure:
    duplicate = failure["code"] == _DUPLICATE_KEY
    return WriteFailure(failure["index"], _index_name(failure) if duplicate else None)


def _index_name(details: Mapping[str, Any] | None) -> str:
    found = _INDEX_NAME.search((details or {}).get("errmsg", ""))
    return found.group(1) if found else "unknown"


@dataclass(frozen=True, slots=True)
class StoredFile:
    content: bytes
    metadata: Mapping[str, Any]


class FileBucket:
    """Files too large for a document, in GridFS, under ids the caller chooses."""

    def __init__(self, database: Database, name: str) -> None:
        self._bucket = AsyncIOMotorGridFSBucket(cast("Any", database), name)

    async def put(self, file_id: str, content: bytes, *, metadata: Mapping[str, Any]) -> None:
        """Store the file durably.

        Raises:
            DuplicateKeyError: The id is taken: files are never overwritten.
        """
        with translated():
            await self._bucket.upload_from_stream_with_id(file_id, file_id, content, metadata=dict(metadata))

    async def get(self, file_id: str) -> StoredFile:
        """Return the whole file.

        Raises:
            FileMissingError: There is none under this id.
            FileDamagedError: Not all of it is there.
        """
        with translated():
            try:
                stream = await self._bucket.open_download_stream(file_id)
                return StoredFile(bytes(await stream.read()), dict(stream.metadata or {}))
            except NoFile as error:
                raise FileMissingError(file_id) from error
            except CorruptGridFile as error:
                raise FileDamagedError(file_id) from error

    async def ids_before(self, moment: datetime, *, limit: int) -> list[str]:
        """Return the ids of at most `limit` files that were stored before `moment`, the oldest first."""
        with translated():
            cursor = self._bucket.find({"uploadDate": {"$lt": moment}}).sort([("uploadDate", 1)]).limit(limit)
            return [str(file._id) for file in await cursor.to_list(limit)]  # noqa: SLF001 - GridFS has no other name for it

    async def delete(self, file_id: str) -> None:
        """Remove the file; afterwards it is gone, whether it was there or not."""
        with translated():
            try:
                await self._bucket.delete(file_id)
            except NoFile:
                return
