"""What decides on an integrator's tokens: its present state, and the hashes of its secrets.

    integrators         {_id, revision, name, status, suspensions, scopes, secrets: [{secret_id, ends_at}],
                         changing: [{commit_id, at}]}
    integrator_secrets  {_id: secret_id, integrator_id, hash}

Secrets have 256 bits, so their SHA-256 is enough (OTC-01). The log decides on an integrator and the document
follows before anybody is told; what stands in `changing` it may not have followed yet.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from ansinh_kit.mongo import Database, Document, DuplicateKeyError, translated

from auth.domain.integrators.integrator import Integrator
from auth.storage.integrator_tokens import StoredToken

INTEGRATORS: Final = "integrators"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredIntegrator:
    integrator_id: str
    revision: int
    name: str
    status: str
    suspensions: int
    scopes: tuple[str, ...]
    secrets: dict[str, datetime | None]

    def is_good(self, secret_id: str, now: datetime) -> bool:
        """Say whether this secret opens something now."""
        if self.status != "active" or secret_id not in self.secrets:
            return False
        ends_at = self.secrets[secret_id]
        return ends_at is None or now < ends_at

    def knows(self, token: StoredToken, now: datetime) -> bool:
        """Say whether this token opens something now: not after its secret's end, nor across a suspension."""
        return self.suspensions == token.suspensions and self.is_good(token.secret_id, now)


class IntegratorDocuments:
    def __init__(self, database: Database) -> None:
        self._integrators = database[INTEGRATORS]
        self._secrets = database["integrator_secrets"]

    async def create_indexes(self) -> None:
        with translated():
            await self._secrets.create_index([("integrator_id", 1)])
            await self._integrators.create_index([("changing.at", 1)])

    async def begin_change(self, integrator_id: str, commit_id: str, now: datetime) -> None:
        """Note that the log may be about to say something new; the document is made if there is none."""
        document = {
            "_id": integrator_id,
            "revision": 0,
            "name": "",
            "status": "absent",
            "suspensions": 0,
            "scopes": [],
            "secrets": [],
        }
        mark = {"commit_id": commit_id, "at": now}
        try:
            with translated():
                await self._integrators.insert_one({**document, "changing": [mark]})
        except DuplicateKeyError:
            with translated():
                await self._integrators.update_one({"_id": integrator_id}, {"$push": {"changing": mark}})

    async def follow(self, integrator_id: str, state: Integrator) -> None:
        """Let the document say what the log does, unless it is further already."""
        present = {
            "revision": state.revision,
            "name": state.name,
            "status": state.status,
            "suspensions": state.suspensions,
            "scopes": list(state.scopes),
            "secrets": _secrets_of(state),
        }
        with translated():
            await self._integrators.update_one(
                {"_id": integrator_id, "revision": {"$lte": state.revision}},
                {"$set": present},
            )

    async def end_change(self, integrator_id: str, commit_id: str) -> None:
        with translated():
            await self._integrators.update_one(
                {"_id": integrator_id}, {"$pull": {"changing": {"commit_id": commit_id}}}
            )

    async def end_changes_before(self, integrator_id: str, moment: datetime) -> None:
        with translated():
            await self._integrators.update_one({"_id": integrator_id}, {"$pull": {"changing": {"at": {"$lt": moment}}}})

    async def changing_before(self, moment: datetime, *, limit: int = 100) -> list[str]:
        with translated():
            query = {"changing.at": {"$lt": moment}}
            documents = await self._integrators.find(query, {"_id": 1}).limit(limit).to_list(None)
        return [document["_id"] for document in documents]

    async def keep_secret(self, secret_id: str, integrator_id: str, *, secret_hash: str) -> None:
        """Store the hash; a request that is repeated replaces the secret it made before."""
        try:
            with translated():
                await self._secrets.insert_one({"_id": secret_id, "integrator_id": integrator_id, "hash": secret_hash})
        except DuplicateKeyError:
            with translated():
                await self._secrets.update_one({"_id": secret_id}, {"$set": {"hash": secret_hash}})

    async def secret_hashes(self, integrator_id: str) -> dict[str, str]:
        """Return the hashes of all secrets the integrator ever had, by their ids."""
        with translated():
            documents = await self._secrets.find({"integrator_id": integrator_id}).to_list(None)
        return {document["_id"]: document["hash"] for document in documents}

    async def find(self, integrator_id: str) -> StoredIntegrator | None:
        with translated():
            document = await self._integrators.find_one({"_id": integrator_id})
        return None if document is None else _integrator(document)

    async def page(self, *, after: str | None, limit: int) -> list[StoredIntegrator]:
        """Return those registered, ordered by id."""
        query: dict[str, Any] = {"revision": {"$gt": 0}}
        query |= {} if after is None else {"_id": {"$gt": after}}
        with translated():
            documents = await self._integrators.find(query).sort([("_id", 1)]).limit(limit).to_list(None)
        return [_integrator(document) for document in documents]

    async def of_tokens(self, tokens: Sequence[StoredToken]) -> dict[str, StoredIntegrator]:
        """Return the integrators whose tokens these are. Read after the tokens: what ended since is seen."""
        ids = sorted({token.integrator_id for token in tokens})
        with translated():
            documents = await self._integrators.find({"_id": {"$in": ids}}).to_list(None)
        return {document["_id"]: _integrator(document) for document in documents}


def _secrets_of(state: Integrator) -> list[dict[str, Any]]:
    secrets: list[dict[str, Any]] = [{"secret_id": state.secret_id, "ends_at": None}]
    if state.former_secret_id is not None:
        secrets.append({"secret_id": state.former_secret_id, "ends_at": state.former_ends_at})
    return secrets


def _integrator(document: Document) -> StoredIntegrator:
    return StoredIntegrator(
        integrator_id=document["_id"],
        revision=document["revision"],
        name=document["name"],
        status=document["status"],
        suspensions=document["suspensions"],
        scopes=tuple(document["scopes"]),
        secrets={secret["secret_id"]: secret["ends_at"] for secret in document["secrets"]},
    )
