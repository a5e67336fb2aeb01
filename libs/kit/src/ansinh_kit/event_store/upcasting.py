"""Old events read as new ones: one step per version, in a chain. What is stored never changes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from ansinh_kit.events import EventDefinitionError, EventRegistry

Payload: TypeAlias = dict[str, Any]
Step: TypeAlias = Callable[[Payload], Payload]


def unchanged(payload: Payload) -> Payload:
    return payload


@dataclass(frozen=True, slots=True)
class Upcaster:
    """Turns version `from_version` of one event type into the next.

    The clear part and the personal part are turned apart: once the subject is erased there is no personal part to
    read, and the clear part must still become the new version. Both functions are pure and may change their argument.
    """

    event_type: str
    from_version: int
    clear: Step = unchanged
    personal: Step = unchanged


@dataclass(frozen=True, slots=True)
class Upcasters:
    """The chains of a service, by event type and version. Build them once in the composition root."""

    steps: Mapping[tuple[str, int], Upcaster] = field(default_factory=dict)

    @classmethod
    def of(cls, upcasters: Iterable[Upcaster], registry: EventRegistry) -> "Upcasters":
        """Return the chains.

        Raises:
            EventDefinitionError: A version of a registered event has no way, or two ways, to the present one, or an
                upcaster belongs to no registered event.
        """
        steps: dict[tuple[str, int], Upcaster] = {}
        for upcaster in upcasters:
            key = (upcaster.event_type, upcaster.from_version)
            if key in steps:
                raise EventDefinitionError(f"two upcasters for {upcaster.event_type} version {upcaster.from_version}")
            steps[key] = upcaster
        needed = {
            (event_type, version)
            for event_type, event in registry.by_type.items()
            for version in range(1, event.schema_version)
        }
        for event_type, version in sorted(needed ^ steps.keys()):
            problem = "no upcaster" if (event_type, version) in needed else "an upcaster nobody needs"
            raise EventDefinitionError(f"{problem} for {event_type} version {version}")
        return cls(steps)

    def clear(self, event_type: str, payload: Mapping[str, Any], *, stored: int, wanted: int) -> Payload:
        """Return the clear part of version `stored` as version `wanted`."""
        current = dict(payload)
        if stored == wanted:
            return current
        for version in range(stored, wanted):
            current = self.steps[event_type, version].clear(current)
        return current

    def personal(self, event_type: str, payload: Payload, *, stored: int, wanted: int) -> Payload:
        """Return the personal part of version `stored` as version `wanted`."""
        for version in range(stored, wanted):
            payload = self.steps[event_type, version].personal(payload)
        return payload
