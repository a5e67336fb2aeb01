"""The integrator as its rules need it, and why they say no."""

from datetime import datetime
from typing import ClassVar, Literal

from ansinh_contracts.auth import IntegratorScope
from ansinh_kit.errors import NotFoundError, RefusedError
from pydantic import BaseModel, ConfigDict


class Integrator(BaseModel):
    """One secret is the present one; a former one may be good until its end. `suspensions` counts them."""

    model_config = ConfigDict(frozen=True)

    status: Literal["absent", "active", "suspended"] = "absent"
    revision: int = 0
    name: str = ""
    scopes: tuple[IntegratorScope, ...] = ()
    secret_id: str = ""
    former_secret_id: str | None = None
    former_ends_at: datetime | None = None
    suspensions: int = 0

    def former_is_good(self, now: datetime) -> bool:
        return self.former_ends_at is not None and now < self.former_ends_at

    def good_secrets(self, now: datetime) -> tuple[str, ...]:
        """Return the ids of the secrets that open something now; none while suspended."""
        if self.status != "active":
            return ()
        former = (self.former_secret_id,) if self.former_secret_id and self.former_is_good(now) else ()
        return (self.secret_id, *former)


class IntegratorNotFoundError(NotFoundError):
    code: ClassVar[str] = "integrator_not_found"


class AlreadyRegisteredError(RefusedError):
    code: ClassVar[str] = "integrator_already_registered"


class TwoSecretsError(RefusedError):
    """Two are good already: the former one has to end first."""

    code: ClassVar[str] = "two_secrets"
