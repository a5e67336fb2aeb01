"""Files that were sent in, until they are worked through: in parts, each encrypted, gone when they are deleted."""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any, Final, Protocol

from ansinh_kit.database import FileDamagedError, FileMissingError
from ansinh_kit.mongo import StoredFile
from ansinh_kit.personal_data.cipher import PersonalDataCipher, TamperedDataError
from ansinh_kit.personal_data.keyring import DataKeyMissingError

from records.domain.bulk.refusals import FileRefusedError, Refusal
from records.domain.imports.rules import STORED_FILE_DAMAGED, STORED_FILE_LOST
from records.domain.rules import Rule

BUCKET: Final = "import_files"
PART_BYTES: Final = 1024 * 1024


class Bucket(Protocol):
    """What the kit's `FileBucket` does: files under ids the caller chooses."""

    async def put(self, file_id: str, content: bytes, *, metadata: Mapping[str, Any]) -> None: ...

    async def get(self, file_id: str) -> StoredFile: ...

    async def delete(self, file_id: str) -> None: ...

    async def ids_before(self, moment: datetime, *, limit: int) -> list[str]: ...


class ImportFiles:
    """Files full of personal values: each is encrypted with a data key of its own, whose subject is the file's id."""

    def __init__(self, bucket: Bucket, cipher: PersonalDataCipher) -> None:
        self._bucket = bucket
        self._cipher = cipher

    async def keep(self, file_id: str, blocks: AsyncIterator[bytes]) -> None:
        """Store a file block by block; never more than one part of it is in memory."""
        part, number = bytearray(), 0
        async for block in blocks:
            part += block
            while len(part) >= PART_BYTES:
                await self._keep_part(file_id, number, bytes(part[:PART_BYTES]))
                number += 1
                del part[:PART_BYTES]
        await self._keep_part(file_id, number, bytes(part))

    async def blocks(self, file_id: str) -> AsyncIterator[bytes]:
        """Yield the file's content from its start.

        Raises:
            FileRefusedError: There is no such file, not any more, or it cannot be read.
            UnavailableError: It cannot be read now.
        """
        last, number = False, 0
        while not last:
            content = await self._content(file_id, _part(file_id, number))
            last, number = len(content) < PART_BYTES, number + 1
            yield content

    async def _content(self, file_id: str, part: str) -> bytes:
        try:
            stored = await self._bucket.get(part)
            blob = {**stored.metadata.get("blob", {}), "ciphertext": stored.content}
            content = await self._cipher.decrypt(file_id, blob, context=part)
        except FileMissingError as error:
            raise _refused(STORED_FILE_LOST) from error
        except (FileDamagedError, TamperedDataError, DataKeyMissingError) as error:
            raise _refused(STORED_FILE_DAMAGED) from error
        if content is None:
            raise _refused(STORED_FILE_LOST)
        return content

    async def delete(self, file_id: str) -> None:
        """Remove the file and destroy its key: no backup of the files opens any more. Bears being called again."""
        await self._cipher.forget(file_id)
        number = 0
        while await self._is_there(file_id, number):
            await self._bucket.delete(_part(file_id, number))
            number += 1

    async def kept_since_before(self, moment: datetime, *, limit: int) -> list[str]:
        """Return the ids of at most `limit` files of which something was stored before `moment`."""
        parts = await self._bucket.ids_before(moment, limit=limit)
        return sorted({part.partition("/")[0] for part in parts})

    async def _is_there(self, file_id: str, number: int) -> bool:
        try:
            await self._bucket.get(_part(file_id, number))
        except FileMissingError:
            return False
        except FileDamagedError:
            pass
        return True

    async def _keep_part(self, file_id: str, number: int, content: bytes) -> None:
        blob = await self._cipher.encrypt(file_id, content, context=_part(file_id, number))
        ciphertext = blob.pop("ciphertext")
        await self._bucket.put(_part(file_id, number), ciphertext, metadata={"blob": blob})


def _refused(rule: Rule) -> FileRefusedError:
    return FileRefusedError(Refusal(1, rule))


def _part(file_id: str, number: int) -> str:
    return f"{file_id}/{number:06}"
