"""What has been done about an integrator. Each says who of the staff did it and why."""

from datetime import datetime
from typing import ClassVar

from ansinh_contracts.auth import IntegratorScope
from ansinh_kit.events import DomainEvent, PersonalText


class _AboutIntegrator(DomainEvent):
    """`revision` counts what was done about this integrator, from 1. The reason is somebody's own words."""

    subject_field: ClassVar[str | None] = "integrator_id"

    integrator_id: str
    revision: int
    occurred_at: datetime
    actor_id: str
    reason: PersonalText


class IntegratorRegistered(_AboutIntegrator):
    """`name` is that of an organisation or its system. The secret itself is in no event."""

    event_type: ClassVar[str] = "integrator_registered"

    name: str
    scopes: tuple[IntegratorScope, ...]
    secret_id: str


class IntegratorScopesChanged(_AboutIntegrator):
    event_type: ClassVar[str] = "integrator_scopes_changed"

    scopes: tuple[IntegratorScope, ...]


class IntegratorSecretRotated(_AboutIntegrator):
    """There is a new secret; the former one is good until `former_ends_at`, so that nothing stops while they change."""

    event_type: ClassVar[str] = "integrator_secret_rotated"

    secret_id: str
    former_secret_id: str
    former_ends_at: datetime


class IntegratorFormerSecretEnded(_AboutIntegrator):
    """The former secret is good no more, and neither is any token it got."""

    event_type: ClassVar[str] = "integrator_former_secret_ended"

    secret_id: str


class IntegratorSuspended(_AboutIntegrator):
    event_type: ClassVar[str] = "integrator_suspended"


class IntegratorReadmitted(_AboutIntegrator):
    event_type: ClassVar[str] = "integrator_readmitted"


IntegratorEvent = (
    IntegratorRegistered
    | IntegratorScopesChanged
    | IntegratorSecretRotated
    | IntegratorFormerSecretEnded
    | IntegratorSuspended
    | IntegratorReadmitted
)
INTEGRATOR_EVENTS: tuple[type[DomainEvent], ...] = (
    IntegratorRegistered,
    IntegratorScopesChanged,
    IntegratorSecretRotated,
    IntegratorFormerSecretEnded,
    IntegratorSuspended,
    IntegratorReadmitted,
)
