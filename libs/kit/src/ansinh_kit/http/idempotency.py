"""One answer per `Idempotency-Key`: the key gets one commit id, and the log keeps what was decided under it (LIM-25).

Nothing is answered from a copy. For 24 h the key, the caller, the route and its resource stand for the one commit that
the request may make; the event store returns the first outcome for it, however often the request comes. After that the
key is as good as new. Its commit must be, too: the log remembers for ever, and would answer a new request with what was
decided under the old one.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Annotated, Final, Protocol

from fastapi import Depends, Header, Request

from ansinh_kit.clock import IdGenerator, RandomIds
from ansinh_kit.errors import FieldViolation, InvalidFieldsError
from ansinh_kit.http.callers import AnyCaller
from ansinh_kit.http.route_template import route_template
from ansinh_kit.personal_data.blind_index import BlindIndex

HEADER: Final = "Idempotency-Key"
# Long enough for 128 random bits: for a guest the key itself is all that keeps two callers apart.
_KEY: Final = re.compile(r"[A-Za-z0-9_-]{22,64}")
_FINGERPRINT_FIELD: Final = "idempotency/body"


@dataclass(frozen=True, slots=True)
class Claim:
    """What the first request under a key left behind: a keyed hash of its body, and the commit it may make."""

    fingerprint: str
    commit_id: str


class IdempotencyStore(Protocol):
    async def claim(self, request_id: str, claim: Claim) -> Claim:
        """Keep the first claim made under this id, for 24 h; return the one kept.

        Raises:
            UnavailableError: The store did not answer.
        """
        ...


class InMemoryIdempotencyStore:
    """Claims in this process only, for as long as it lives: for tests. It passes the contract suite of the real one."""

    def __init__(self) -> None:
        self._claims: dict[str, Claim] = {}

    async def claim(self, request_id: str, claim: Claim) -> Claim:
        return self._claims.setdefault(request_id, claim)


class Idempotency:
    """Gives requests their commit ids. Fingerprints are keyed hashes: bodies hold codes that could be guessed."""

    def __init__(self, store: IdempotencyStore, blind_index: BlindIndex, ids: IdGenerator | None = None) -> None:
        self._store = store
        self._blind_index = blind_index
        self._ids = ids or RandomIds()

    async def commit_id(self, *, key: str, actor: str, route: str, resource: str, body: bytes) -> str:
        """Return the id of the one commit this request may make; the same request gets the same for 24 h.

        Raises:
            InvalidFieldsError: The key has another form, or came before with another body.
            UnavailableError: The store did not answer.
        """
        if not _KEY.fullmatch(key):
            raise InvalidFieldsError([FieldViolation(HEADER, "idempotency_key")])
        request_id = hashlib.sha256(json.dumps([actor, route, resource, key]).encode()).hexdigest()[:32]
        # All root keys: a request repeated across a rotation of keys is still the same request.
        newest, *older = self._blind_index.all_of(_FINGERPRINT_FIELD, hashlib.sha256(body).hexdigest())
        first = await self._store.claim(request_id, Claim(newest, self._ids.new_id()))
        if first.fingerprint not in {newest, *older}:
            raise InvalidFieldsError([FieldViolation(HEADER, "key_reused")])
        return first.commit_id


async def idempotent_commit_id(
    request: Request, caller: AnyCaller, idempotency_key: Annotated[str | None, Header()] = None
) -> str:
    """Return the commit id of this request; the header is required.

    The key belongs to the body it came with first, also if that body was refused: new content needs a new key.

    Raises:
        InvalidFieldsError: The header is missing or malformed, or its key came before with another body.
    """
    if idempotency_key is None:
        raise InvalidFieldsError([FieldViolation(HEADER, "required")])
    idempotency: Idempotency = request.app.state.idempotency
    return await idempotency.commit_id(
        key=idempotency_key,
        actor=caller.actor,
        route=f"{request.method} {route_template(request.scope)}",
        resource=json.dumps(request.path_params, sort_keys=True),
        body=await request.body(),
    )


CommitId = Annotated[str, Depends(idempotent_commit_id)]


async def fresh_commit_id(request: Request) -> str:
    """Return a new id, for requests that may be made again without harm and need no key."""
    ids: IdGenerator = request.app.state.ids
    return ids.new_id()


FreshCommitId = Annotated[str, Depends(fresh_commit_id)]
