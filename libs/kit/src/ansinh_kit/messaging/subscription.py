"""What one service does with the events of another."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ansinh_kit.integration_event import IntegrationEvent
from ansinh_kit.messaging.errors import SubscriptionError
from ansinh_kit.messaging.incoming import Handler
from ansinh_kit.publication import Publication


@dataclass(frozen=True, slots=True)
class Subscription:
    """The handlers one service has for the events of another.

    Raises:
        SubscriptionError: The handlers are not exactly those for the events that the publication names.
    """

    publication: Publication
    consumer: str
    handlers: Mapping[type[IntegrationEvent], Handler]
    _by_wire_name: Mapping[tuple[str, int], type[IntegrationEvent]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        promised = self.publication.subscribers.get(self.consumer, frozenset())
        if promised != self.handlers.keys():
            raise SubscriptionError(
                f"{self.consumer} should handle {_names(promised)} of {self.publication.producer}, "
                f"but handles {_names(self.handlers)}"
            )
        by_wire_name = {(event.name, event.version): event for event in self.handlers}
        object.__setattr__(self, "_by_wire_name", by_wire_name)

    @property
    def producer(self) -> str:
        return self.publication.producer

    def find_event(self, name: str, version: int) -> type[IntegrationEvent] | None:
        """Return the class for a wire name; `None` if this subscription has none."""
        return self._by_wire_name.get((name, version))


def _names(events: Iterable[type[IntegrationEvent]]) -> str:
    return ", ".join(sorted(f"{event.name} v{event.version}" for event in events)) or "nothing"
