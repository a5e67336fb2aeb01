"""Photos at rest: one encrypted file each, under a name that says nothing. Source: FIL-05."""

import hashlib
from collections.abc import Mapping
from typing import Any, ClassVar, Final, Protocol

from ansinh_kit.clock import IdGenerator
from ansinh_kit.errors import NotFoundError
from ansinh_kit.mongo import FileMissingError, StoredFile
from ansinh_kit.personal_data.cipher import PersonalDataCipher

from registration.domain.photos import StoredPhoto
from registration.storage.photo_process import CleanPhoto

BUCKET: Final = "photos"
_FORMAT: Final = "photo-1"


class PhotoGoneError(NotFoundError):
    """The photo's file is no longer kept, or its person was forgotten."""

    code: ClassVar[str] = "photo_gone"


class Files(Protocol):
    """Whole files under ids; `FileBucket` over GridFS, or a dictionary in tests."""

    async def put(self, file_id: str, content: bytes, *, metadata: Mapping[str, Any]) -> None: ...

    async def get(self, file_id: str) -> StoredFile: ...

    async def delete(self, file_id: str) -> None: ...


class Photos:
    """Stores and returns photos; only ciphertext ever reaches the files."""

    def __init__(self, files: Files, cipher: PersonalDataCipher, ids: IdGenerator) -> None:
        self._files = files
        self._cipher = cipher
        self._ids = ids

    async def keep(self, photo: CleanPhoto, *, person_id: str, declaration_id: str, uploaded_bytes: int) -> StoredPhoto:
        """Store the photo durably under a new name; the caller records it or removes it again."""
        file_id = self._ids.new_id()
        sha256 = hashlib.sha256(photo.jpeg).hexdigest()
        blob = await self._cipher.encrypt(person_id, photo.jpeg, context=_context(file_id, person_id, sha256))
        ciphertext = blob.pop("ciphertext")
        await self._files.put(file_id, ciphertext, metadata={**blob, "declaration_id": declaration_id})
        return StoredPhoto(
            file_id=file_id,
            sha256=sha256,
            uploaded_bytes=uploaded_bytes,
            size_bytes=len(photo.jpeg),
            width_pixels=photo.width_pixels,
            height_pixels=photo.height_pixels,
        )

    async def read(self, photo: StoredPhoto, *, person_id: str) -> bytes:
        """Return the JPEG.

        Raises:
            PhotoGoneError: The file was removed, or the person forgotten.
            TamperedDataError: The file is not the one that was recorded.
        """
        try:
            file = await self._files.get(photo.file_id)
        except FileMissingError as error:
            raise PhotoGoneError from error
        blob = {name: file.metadata[name] for name in ("alg", "key", "nonce")} | {"ciphertext": file.content}
        context = _context(photo.file_id, person_id, photo.sha256)
        jpeg = await self._cipher.decrypt(person_id, blob, context=context)
        if jpeg is None:
            raise PhotoGoneError
        return jpeg

    async def remove(self, photo: StoredPhoto) -> None:
        """Remove the file; afterwards it is gone, whether it was there or not."""
        await self._files.delete(photo.file_id)


def _context(file_id: str, person_id: str, sha256: str) -> str:
    return f"{_FORMAT}|{file_id}|{person_id}|{sha256}"
