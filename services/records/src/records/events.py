"""Every event this service stores, and how old ones read today."""

from typing import Final

from ansinh_kit.event_store.upcasting import Upcaster, Upcasters
from ansinh_kit.events import EventRegistry

from records.domain.benefits.events import BENEFIT_EVENTS
from records.domain.cards.events import CARD_EVENTS
from records.domain.contributions.events import CONTRIBUTION_EVENTS
from records.domain.dispute.events import DISPUTE_EVENTS
from records.domain.exports.events import EXPORT_EVENTS
from records.domain.imports.events import IMPORT_EVENTS
from records.domain.notices.events import NOTICE_EVENTS
from records.domain.opening.events import OPENING_EVENTS
from records.domain.participant.events import PARTICIPANT_EVENTS
from records.domain.visits.events import VISIT_EVENTS

EVENTS: Final = EventRegistry.of(
    (
        *PARTICIPANT_EVENTS,
        *CONTRIBUTION_EVENTS,
        *BENEFIT_EVENTS,
        *CARD_EVENTS,
        *VISIT_EVENTS,
        *IMPORT_EVENTS,
        *OPENING_EVENTS,
        *DISPUTE_EVENTS,
        *EXPORT_EVENTS,
        *NOTICE_EVENTS,
    )
)

UPCASTERS: Final = Upcasters.of(
    (
        Upcaster("participant_registered", 1),
        Upcaster("participant_registered", 2),
        Upcaster("contact_changed", 1),
        Upcaster("contact_changed", 2),
        Upcaster("contact_declared", 1),
        Upcaster("duplicate_taken_over", 1),
        Upcaster("export_made", 1),
        *(Upcaster(f"{rows}_taken_over", 1) for rows in ("benefits", "cards", "contributions", "visits")),
    ),
    EVENTS,
)
"""How old events read as new ones: one that lacks only fields that may be empty needs no more than a line."""
