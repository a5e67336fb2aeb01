"""Every event this service stores."""

from typing import Final

from ansinh_kit.events import EventRegistry

from auth.domain.access_events import ACCESS_EVENTS
from auth.domain.account import ACCOUNT_EVENTS
from auth.domain.consent import CONSENT_EVENTS
from auth.domain.integrators.events import INTEGRATOR_EVENTS
from auth.domain.session_endings import AllSessionsEnded
from auth.domain.staff import STAFF_EVENTS
from auth.domain.staff_roster.events import ROSTER_EVENTS

EVENTS: Final = EventRegistry.of(
    (
        *ACCOUNT_EVENTS,
        *ACCESS_EVENTS,
        *STAFF_EVENTS,
        *ROSTER_EVENTS,
        *INTEGRATOR_EVENTS,
        *CONSENT_EVENTS,
        AllSessionsEnded,
    )
)
