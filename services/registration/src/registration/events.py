"""Every event this service stores, and how old ones read today."""

from typing import Final

from ansinh_kit.event_store.upcasting import Upcaster, Upcasters
from ansinh_kit.events import EventRegistry

from registration.domain.access import ACCESS_EVENTS
from registration.domain.declaration.events import DECLARATION_EVENTS

EVENTS: Final = EventRegistry.of((*DECLARATION_EVENTS, *ACCESS_EVENTS))
UPCASTERS: Final = Upcasters.of((Upcaster("declaration_found_valid", 1),), EVENTS)
"""How old events read as new ones: one that lacks only a field that may be empty needs no more than a line."""
