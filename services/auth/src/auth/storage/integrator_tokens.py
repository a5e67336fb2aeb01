"""The tokens of integrators, by their hashes, and until when all of them are over.

    integrator_tokens   {_id: token_hash, integrator_id, secret_id, suspensions, scopes, issued_at, expires_at}
    markers             {_id: "integrator_tokens", ended_until}

A token has 256 bits, so its SHA-256 is enough (OTC-01). Tokens are ended all at once by moving one moment, which every
look at a token reads after it: one that is stored a little later, and was issued before, is over with the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final

from ansinh_kit.mongo import Database, Document, DuplicateKeyError, translated

TOKENS: Final = "integrator_tokens"
_MARKER: Final = {"_id": TOKENS}
_LONG_AGO: Final = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredToken:
    token_hash: str = field(repr=False)
    integrator_id: str
    secret_id: str
    suspensions: int
    scopes: tuple[str, ...]
    issued_at: datetime
    expires_at: datetime


class IntegratorTokens:
    def __init__(self, database: Database) -> None:
        self._tokens = database[TOKENS]
        self._markers = database["markers"]

    async def prepare(self) -> None:
        """Make index and marker; harmless when they are there."""
        with translated():
            await self._tokens.create_index([("expires_at", 1)], expireAfterSeconds=0)
        try:
            with translated():
                await self._markers.insert_one({**_MARKER, "ended_until": _LONG_AGO})
        except DuplicateKeyError:
            return

    async def keep(self, token: StoredToken) -> None:
        document = {
            "_id": token.token_hash,
            "integrator_id": token.integrator_id,
            "secret_id": token.secret_id,
            "suspensions": token.suspensions,
            "scopes": list(token.scopes),
            "issued_at": token.issued_at,
            "expires_at": token.expires_at,
        }
        with translated():
            await self._tokens.insert_one(document)

    async def find(self, token_hashes: Sequence[str]) -> list[StoredToken]:
        """Return those that are there. One that was ended with all others expired long ago."""
        with translated():
            documents = await self._tokens.find({"_id": {"$in": list(token_hashes)}}).to_list(None)
        if not documents:
            return []
        ended_until = await self._ended_until()
        tokens = [_token(document) for document in documents]
        return [token if token.issued_at > ended_until else replace(token, expires_at=_LONG_AGO) for token in tokens]

    async def end_all(self, until: datetime) -> None:
        """Let no token count that was issued up to `until`."""
        with translated():
            await self._markers.update_one({**_MARKER, "ended_until": {"$lt": until}}, {"$set": {"ended_until": until}})

    async def _ended_until(self) -> datetime:
        with translated():
            marker = await self._markers.find_one(_MARKER)
        ended_until: datetime = _LONG_AGO if marker is None else marker["ended_until"]
        return ended_until


def _token(document: Document) -> StoredToken:
    return StoredToken(
        token_hash=document["_id"],
        integrator_id=document["integrator_id"],
        secret_id=document["secret_id"],
        suspensions=document["suspensions"],
        scopes=tuple(document["scopes"]),
        # One from before its moment was noted has at most an hour left.
        issued_at=document.get("issued_at", _LONG_AGO),
        expires_at=document["expires_at"],
    )
