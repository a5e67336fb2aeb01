"""How a view's documents lie in their collection: bookkeeping under `_`, personal fields as one ciphertext."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import Final

import orjson

from ansinh_kit.database import Collection, Document
from ansinh_kit.events import ERASED
from ansinh_kit.mongo import translated
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.personal_data.keyring import SubjectErasedError
from ansinh_kit.projections.folding import Folded
from ansinh_kit.projections.projection import Projection

# Keys in order: what was built in memory and what was read back in between are the same bytes. Nothing but JSON's own
# types: what would come back as another type than it went in is refused, whoever could write it.
_CANONICAL: Final = (
    orjson.OPT_SORT_KEYS
    | orjson.OPT_PASSTHROUGH_DATACLASS
    | orjson.OPT_PASSTHROUGH_DATETIME
    | orjson.OPT_PASSTHROUGH_SUBCLASS
)

_POSITION = "_position"
_GONE = "_gone"
_PERSONAL = "_personal"
_SUBJECT = "_subject"


async def erase_in(collection: Collection, subject_id: str, personal_fields: AbstractSet[str]) -> None:
    """Replace what is encrypted for the person by `[erased]`: what a build from the log would come to as well."""
    erased = {"$unset": {_PERSONAL: "", _SUBJECT: ""}, "$set": dict.fromkeys(sorted(personal_fields), ERASED)}
    with translated():
        for document in await collection.find({_SUBJECT: subject_id}, {"_id": 1}).to_list():
            await collection.update_one({"_id": document["_id"]}, erased)


async def holds(collection: Collection, subject_id: str) -> bool:
    """Say whether a document has something encrypted for the person."""
    with translated():
        return await collection.find_one({_SUBJECT: subject_id}, {"_id": 1}) is not None


class DocumentCodec:
    """Writes folded documents and reads them back. A projection without personal fields needs no cipher."""

    def __init__(self, projection: Projection, cipher: PersonalDataCipher) -> None:
        self._projection = projection
        self._cipher = cipher

    async def to_stored_many(self, folded: Mapping[str, Folded]) -> list[Document]:
        """Return what is written, in the order of `folded`."""
        documents = [each.document for each in folded.values() if each.document is not None]
        await self._cipher.prepare({self._projection.subject_of(one) for one in documents if self._personal_names(one)})
        return [await self._to_stored(key, each) for key, each in folded.items()]

    async def to_folded_many(self, stored: Iterable[Document]) -> dict[str, Folded]:
        """Return what was written, by key; erased personal fields read `[erased]`."""
        documents = list(stored)
        await self._cipher.prefetch({document[_SUBJECT] for document in documents if _SUBJECT in document})
        return {document["_id"]: await self.to_folded(document) for document in documents}

    async def _to_stored(self, key: str, folded: Folded) -> Document:
        if folded.document is None:
            return {"_id": key, _POSITION: folded.position, _GONE: True}
        personal = {name: folded.document[name] for name in self._personal_names(folded.document)}
        clear = {name: value for name, value in folded.document.items() if name not in personal}
        stored: Document = {"_id": key, _POSITION: folded.position, **clear}
        return {**stored, **await self._sealed(key, folded.document, personal)} if personal else stored

    async def _sealed(self, key: str, document: Document, personal: Document) -> Document:
        subject = self._projection.subject_of(document)
        try:
            plaintext = orjson.dumps(personal, option=_CANONICAL)
            blob = await self._cipher.encrypt(subject, plaintext, context=self._context(key))
        except SubjectErasedError:
            return dict.fromkeys(personal, ERASED)
        return {_SUBJECT: subject, _PERSONAL: blob}

    async def to_folded(self, stored: Document) -> Folded:
        """Return what was written; erased personal fields read `[erased]`."""
        if stored.get(_GONE):
            return Folded(None, stored[_POSITION])
        document = {name: value for name, value in stored.items() if not name.startswith("_")}
        if _PERSONAL in stored:
            document |= await self._personal_values(stored)
        return Folded(document, stored[_POSITION])

    async def _personal_values(self, stored: Document) -> Document:
        plaintext = await self._cipher.decrypt(
            stored[_SUBJECT], stored[_PERSONAL], context=self._context(stored["_id"])
        )
        if plaintext is None:
            return dict.fromkeys(sorted(self._projection.personal_fields), ERASED)
        values: Document = orjson.loads(plaintext)
        return values

    def _personal_names(self, document: Document) -> list[str]:
        return sorted(self._projection.personal_fields & document.keys())

    def _context(self, key: str) -> str:
        return f"view|{self._projection.name}|{key}"
