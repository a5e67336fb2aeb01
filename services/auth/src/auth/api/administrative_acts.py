"""What is shown of administrative acts. Their events hold more than that, and may come to hold more yet (SEC-11)."""

from datetime import datetime

from ansinh_contracts.auth import IntegratorScope
from pydantic import BaseModel, ConfigDict

from auth.domain.staff import StaffRole


class ActDetails(BaseModel):
    """What an act was about, beside whom: each kind of act has some of these. A new one is shown once it is named."""

    model_config = ConfigDict(extra="ignore")

    role: StaffRole | None = None
    agency_code: str | None = None
    former_role: StaffRole | None = None
    former_agency_code: str | None = None
    invitation_id: str | None = None
    expires_at: datetime | None = None
    name: str | None = None
    scopes: tuple[IntegratorScope, ...] | None = None
    secret_id: str | None = None
    former_secret_id: str | None = None
    former_ends_at: datetime | None = None


class ActShown(BaseModel):
    """`actor_id` is missing if somebody with a hand on the machine did it."""

    model_config = ConfigDict(extra="ignore")

    event_id: str
    position: int
    act: str
    subject_id: str
    actor_id: str | None
    at: datetime
    reason: str | None
    details: ActDetails


class ActList(BaseModel):
    """Newest first; ask for more with the last one's position as `before`."""

    acts: list[ActShown]
    more: bool
