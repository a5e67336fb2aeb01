"""Which device proofs were used: each counts once, in every process, also after a restart.

{_id: SHA-256 of thumbprint and jti, delete_at}
"""

from datetime import datetime
from hashlib import sha256
from typing import Final

from ansinh_kit.mongo import Database, DuplicateKeyError, translated

_COLLECTION: Final = "spent_proofs"


class SpentProofs:
    def __init__(self, database: Database) -> None:
        self._collection = database[_COLLECTION]

    async def create_indexes(self) -> None:
        with translated():
            await self._collection.create_index([("delete_at", 1)], expireAfterSeconds=0)

    async def spend(self, *, thumbprint: str, proof_id: str, until: datetime) -> bool:
        """Write the proof down as used; `False` if it was before. Of any number of callers one gets `True`.

        Args:
            until: From then on the proof's age refuses it, and the mark may go.
        """
        mark = sha256(f"{thumbprint}|{proof_id}".encode("utf-8", "surrogatepass")).hexdigest()
        try:
            with translated():
                await self._collection.insert_one({"_id": mark, "delete_at": until})
        except DuplicateKeyError:
            return False
        return True
