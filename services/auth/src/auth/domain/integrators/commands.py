"""What members of staff can ask of an integrator."""

from datetime import datetime, timedelta

from ansinh_contracts.auth import IntegratorScope
from pydantic import BaseModel, ConfigDict


class _Command(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    integrator_id: str
    actor_id: str
    reason: str
    now: datetime


class RegisterIntegrator(_Command):
    name: str
    scopes: frozenset[IntegratorScope]
    secret_id: str


class ChangeScopes(_Command):
    scopes: frozenset[IntegratorScope]


class RotateSecret(_Command):
    """`overlap` is how long the present secret stays good beside the new one."""

    secret_id: str
    overlap: timedelta


class EndFormerSecret(_Command):
    pass


class SuspendIntegrator(_Command):
    pass


class ReadmitIntegrator(_Command):
    pass


IntegratorCommand = (
    RegisterIntegrator | ChangeScopes | RotateSecret | EndFormerSecret | SuspendIntegrator | ReadmitIntegrator
)
