"""Integrators: administered by administrators, and what one sees of itself."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from ansinh_contracts.auth import IntegratorScope
from ansinh_kit.events import Metadata
from ansinh_kit.http.assertion import Caller
from ansinh_kit.http.callers import require_integrator
from ansinh_kit.http.idempotency import CommitId
from ansinh_kit.http.metadata import RequestMetadata
from fastapi import APIRouter, Depends, Path, Query
from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from auth.api.fields import without_control_characters
from auth.api.staff_members import PAGE, Administrator, Limit, ReasonBody
from auth.handlers.integrators import IntegratorAct, Integrators, NewSecret
from auth.storage.integrator_documents import StoredIntegrator

IntegratorId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=3, max_length=128),
    AfterValidator(without_control_characters),
]


class ScopesBody(ReasonBody):
    scopes: frozenset[IntegratorScope] = Field(min_length=1)


class RegistrationBody(ScopesBody):
    """`name` is that of an organisation or its system, never a person's."""

    name: Name


class RotationBody(ReasonBody):
    """`overlap_hours` is how long the present secret stays good beside the new one; 0 ends it at once."""

    overlap_hours: Annotated[int, Field(ge=0, le=720)] = 168


class SecretShown(BaseModel):
    """`client_secret` is shown here once. `client_id` and it go into HTTP Basic at the token end point."""

    client_id: str
    client_secret: str
    secret_id: str
    former_ends_at: datetime | None

    @classmethod
    def of(cls, made: NewSecret) -> "SecretShown":
        return cls(
            client_id=made.integrator_id,
            client_secret=made.secret,
            secret_id=made.secret_id,
            former_ends_at=made.former_ends_at,
        )


class SecretEnd(BaseModel):
    """`ends_at` is missing for the present secret."""

    secret_id: str
    ends_at: datetime | None


class IntegratorShown(BaseModel):
    client_id: str
    name: str
    status: str
    scopes: tuple[str, ...]
    secrets: list[SecretEnd]

    @classmethod
    def of(cls, stored: StoredIntegrator) -> "IntegratorShown":
        return cls(
            client_id=stored.integrator_id,
            name=stored.name,
            status=stored.status,
            scopes=stored.scopes,
            secrets=_ends(stored),
        )


class IntegratorList(BaseModel):
    """Ordered by id; ask for more with the last one's id as `after`."""

    integrators: list[IntegratorShown]
    more: bool


class OwnProfile(BaseModel):
    """What a token is for, as its integrator sees it."""

    client_id: str
    name: str
    scopes: tuple[str, ...]


class OwnSecrets(BaseModel):
    secrets: list[SecretEnd]


@dataclass(frozen=True, slots=True)
class Acting:
    """The administrator behind a request; the same `Idempotency-Key` changes something once."""

    caller: Caller
    commit_id: str
    metadata: Metadata

    def because(self, body: ReasonBody) -> IntegratorAct:
        return IntegratorAct(
            actor_id=str(self.caller.account_id),
            reason=body.reason,
            commit_id=self.commit_id,
            metadata=self.metadata,
        )


async def acting(caller: Administrator, commit_id: CommitId, metadata: RequestMetadata) -> Acting:
    return Acting(caller, commit_id, metadata)


WithActing = Annotated[Acting, Depends(acting)]


def integrator_routes(integrators: Integrators) -> APIRouter:
    routes = APIRouter(prefix="/v1/staff/integrators", tags=["integrators"])
    _add_reading(routes, integrators)
    _add_changing(routes, integrators)
    return routes


def own_integrator_routes(integrators: Integrators) -> APIRouter:
    routes = APIRouter(prefix="/v1/integrators", tags=["integrators"])

    @routes.get("/current")
    async def show_own_profile(caller: Annotated[Caller, Depends(require_integrator("profile"))]) -> OwnProfile:
        """Show the integrator whose token this is, and what the token is for."""
        stored = await integrators.show(str(caller.account_id))
        return OwnProfile(client_id=stored.integrator_id, name=stored.name, scopes=caller.scopes)

    @routes.get("/current/secrets")
    async def show_own_secrets(caller: Annotated[Caller, Depends(require_integrator("secrets"))]) -> OwnSecrets:
        """Show which secrets there are and when they end: a system sees in time that it has to change."""
        return OwnSecrets(secrets=_ends(await integrators.show(str(caller.account_id))))

    return routes


def _add_reading(routes: APIRouter, integrators: Integrators) -> None:
    @routes.get("")
    async def list_integrators(
        caller: Administrator,
        after: Annotated[str, Query(pattern=r"^[0-9a-f]{32}$")] | None = None,
        limit: Limit = PAGE,
    ) -> IntegratorList:
        del caller
        found = await integrators.page(after=after, limit=limit + 1)
        shown = [IntegratorShown.of(stored) for stored in found[:limit]]
        return IntegratorList(integrators=shown, more=len(found) > limit)

    @routes.get("/{integrator_id}")
    async def show_integrator(integrator_id: IntegratorId, caller: Administrator) -> IntegratorShown:
        del caller
        return IntegratorShown.of(await integrators.show(integrator_id))


def _add_changing(routes: APIRouter, integrators: Integrators) -> None:
    @routes.post("", status_code=201)
    async def register(body: RegistrationBody, acting: WithActing) -> SecretShown:
        """Let a system in. The same request again gives another secret, and the one before counts no more."""
        return SecretShown.of(await integrators.register(acting.because(body), name=body.name, scopes=body.scopes))

    @routes.post("/{integrator_id}/secrets", status_code=201)
    async def rotate(integrator_id: IntegratorId, body: RotationBody, acting: WithActing) -> SecretShown:
        """Make a new secret; the present one stays good for the overlap, so that nothing stops."""
        overlap = timedelta(hours=body.overlap_hours)
        return SecretShown.of(await integrators.rotate(acting.because(body), integrator_id, overlap=overlap))

    @routes.post("/{integrator_id}/former-secret-end")
    async def end_former(integrator_id: IntegratorId, body: ReasonBody, acting: WithActing) -> IntegratorShown:
        """End the former secret now, and every token it got."""
        return IntegratorShown.of(await integrators.end_former(acting.because(body), integrator_id))

    @routes.post("/{integrator_id}/scopes")
    async def change_scopes(integrator_id: IntegratorId, body: ScopesBody, acting: WithActing) -> IntegratorShown:
        """Let the integrator do this and no more; what is taken away counts at once."""
        changed = await integrators.change_scopes(acting.because(body), integrator_id, scopes=body.scopes)
        return IntegratorShown.of(changed)

    @routes.post("/{integrator_id}/suspension")
    async def suspend(integrator_id: IntegratorId, body: ReasonBody, acting: WithActing) -> IntegratorShown:
        """Give no more tokens, and let none there is open anything, from the next request on."""
        return IntegratorShown.of(await integrators.suspend(acting.because(body), integrator_id))

    @routes.post("/{integrator_id}/readmission")
    async def readmit(integrator_id: IntegratorId, body: ReasonBody, acting: WithActing) -> IntegratorShown:
        """Let a suspended integrator call again, with the secrets it has."""
        return IntegratorShown.of(await integrators.readmit(acting.because(body), integrator_id))


def _ends(stored: StoredIntegrator) -> list[SecretEnd]:
    return [SecretEnd(secret_id=secret_id, ends_at=ends_at) for secret_id, ends_at in stored.secrets.items()]
