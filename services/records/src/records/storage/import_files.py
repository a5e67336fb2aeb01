"""Files that were sent in, until they are worked through: in parts, each encrypted, gone when they are deleted."""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any, Final, Protocol

from ansinh_kit.database import FileMissingError
from ansinh_kit.mongo import StoredFile
from ansinh_kit.personal_data.cipher import PersonalDataCipher

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
            FileMissingError: There is no such file, or not any more.
        """
        last, number = False, 0
        while not last:
            stored = await self._bucket.get(_part(file_id, number))
            content = await self._cipher.decrypt(
                file_id, stored.metadata["blob"] | {"ciphertext": stored.content}, context=_part(file_id, number)
            )
            if content is None:
                raise FileMissingError(file_id)
            last, number = len(content) < PART_BYTES, number + 1
            yield content

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
        return True

    async def _keep_part(self, file_id: str, number: int, content: bytes) -> None:
        blob = await self._cipher.encrypt(file_id, content, context=_part(file_id, number))
        ciphertext = blob.pop("ciphertext")
        await self._bucket.put(_part(file_id, number), ciphertext, metadata={"blob": blob})


def _part(file_id: str, number: int) -> str:
    return f"{file_id}/{number:06}"
