"""What administrators do about integrators. The log decides, the document that tokens are checked by follows."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from ansinh_contracts.auth import IntegratorScope
from ansinh_contracts.session_check import hash_token
from ansinh_kit.clock import Clock
from ansinh_kit.decider import handle, load
from ansinh_kit.errors import DomainError
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.events import Metadata

from auth.domain.integrators.commands import (
    ChangeScopes,
    EndFormerSecret,
    IntegratorCommand,
    ReadmitIntegrator,
    RegisterIntegrator,
    RotateSecret,
    SuspendIntegrator,
)
from auth.domain.integrators.decider import INTEGRATOR, stream_of
from auth.domain.integrators.integrator import Integrator, IntegratorNotFoundError
from auth.handlers.tokens import new_integrator_secret
from auth.storage.integrator_documents import IntegratorDocuments, StoredIntegrator

_IDS: Final = uuid.UUID("5f0f4d0e-90a4-4f2e-8a36-3a1c0a4e6f5b")


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegratorAct:
    """Which member of staff acts, why, and under which commit: the same request again changes nothing more."""

    actor_id: str
    reason: str
    commit_id: str
    metadata: Metadata


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSecret:
    """The secret is shown here once; who repeats the request gets another, and only that one counts."""

    integrator_id: str
    secret_id: str
    secret: str = field(repr=False)
    former_ends_at: datetime | None = None


class Integrators:
    def __init__(self, *, store: EventStore, documents: IntegratorDocuments, clock: Clock) -> None:
        self._store = store
        self._documents = documents
        self._clock = clock

    async def register(self, act: IntegratorAct, *, name: str, scopes: frozenset[IntegratorScope]) -> NewSecret:
        integrator_id = _id_of("integrator", act)
        command = RegisterIntegrator(
            **self._facts(act, integrator_id), name=name, scopes=scopes, secret_id=_id_of("secret", act)
        )
        return await self._with_secret(act, command)

    async def rotate(self, act: IntegratorAct, integrator_id: str, *, overlap: timedelta) -> NewSecret:
        """Make a new secret; the present one stays good for `overlap`.

        Raises:
            TwoSecretsError: Two are good already.
        """
        command = RotateSecret(**self._facts(act, integrator_id), secret_id=_id_of("secret", act), overlap=overlap)
        return await self._with_secret(act, command)

    async def end_former(self, act: IntegratorAct, integrator_id: str) -> StoredIntegrator:
        """End the former secret and the tokens it got; when this returns they open nothing."""
        return await self._changed(act, EndFormerSecret(**self._facts(act, integrator_id)))

    async def change_scopes(
        self, act: IntegratorAct, integrator_id: str, *, scopes: frozenset[IntegratorScope]
    ) -> StoredIntegrator:
        """Let the integrator do this and no more, with the tokens it has as well."""
        return await self._changed(act, ChangeScopes(**self._facts(act, integrator_id), scopes=scopes))

    async def suspend(self, act: IntegratorAct, integrator_id: str) -> StoredIntegrator:
        """End everything at once: no token is given, and none opens anything when this returns."""
        return await self._changed(act, SuspendIntegrator(**self._facts(act, integrator_id)))

    async def readmit(self, act: IntegratorAct, integrator_id: str) -> StoredIntegrator:
        return await self._changed(act, ReadmitIntegrator(**self._facts(act, integrator_id)))

    async def show(self, integrator_id: str) -> StoredIntegrator:
        """Return the integrator.

        Raises:
            IntegratorNotFoundError: There is none.
        """
        found = await self._documents.find(integrator_id)
        if found is None or found.revision == 0:
            raise IntegratorNotFoundError
        return found

    async def page(self, *, after: str | None, limit: int) -> list[StoredIntegrator]:
        return await self._documents.page(after=after, limit=limit)

    async def follow_changes_before(self, moment: datetime) -> int:
        """Finish what a killed process left behind; return how many integrators that concerned."""
        changing = await self._documents.changing_before(moment)
        for integrator_id in changing:
            loaded = await load(self._store, stream_of(integrator_id), INTEGRATOR)
            if loaded.version:
                await self._documents.follow(integrator_id, loaded.state)
            await self._documents.end_changes_before(integrator_id, moment)
        return len(changing)

    async def _with_secret(self, act: IntegratorAct, command: RegisterIntegrator | RotateSecret) -> NewSecret:
        # Before the log says that this secret is the present one: until then its hash opens nothing.
        secret = new_integrator_secret()
        await self._documents.keep_secret(command.secret_id, command.integrator_id, secret_hash=hash_token(secret))
        changed = await self._changed(act, command)
        former = next((ends_at for ends_at in changed.secrets.values() if ends_at is not None), None)
        return NewSecret(
            integrator_id=command.integrator_id, secret_id=command.secret_id, secret=secret, former_ends_at=former
        )

    async def _changed(self, act: IntegratorAct, command: IntegratorCommand) -> StoredIntegrator:
        if not isinstance(command, RegisterIntegrator):
            await self.show(command.integrator_id)
        await self._documents.begin_change(command.integrator_id, act.commit_id, command.now)
        try:
            state = await self._handled(act, command)
        except DomainError:
            await self._documents.end_change(command.integrator_id, act.commit_id)
            raise
        await self._documents.follow(command.integrator_id, state)
        await self._documents.end_change(command.integrator_id, act.commit_id)
        return await self.show(command.integrator_id)

    async def _handled(self, act: IntegratorAct, command: IntegratorCommand) -> Integrator:
        handled = await handle(
            self._store,
            stream_of(command.integrator_id),
            command,
            INTEGRATOR,
            commit_id=act.commit_id,
            metadata=act.metadata,
        )
        return handled.state

    def _facts(self, act: IntegratorAct, integrator_id: str) -> dict[str, Any]:
        return {
            "integrator_id": integrator_id,
            "actor_id": act.actor_id,
            "reason": act.reason,
            "now": self._clock.now(),
        }


def _id_of(kind: str, act: IntegratorAct) -> str:
    """Return an id that the same request always makes."""
    return uuid.uuid5(_IDS, f"{kind}|{act.commit_id}").hex
