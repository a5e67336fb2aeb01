from collections.abc import Iterable, Sequence

from ansinh_kit.event_store.commit_log import StoredEvent
from ansinh_kit.events import DomainEvent, EventRegistry


class PlainCodec:
    """Writes events through JSON and back, unencrypted: for tests of rules, never for a service."""

    def __init__(self, registry: EventRegistry) -> None:
        self._registry = registry

    async def encode_all(
        self, events: Sequence[DomainEvent], *, stream_id: str, event_ids: Sequence[str]
    ) -> list[StoredEvent]:
        del stream_id
        return [
            StoredEvent(
                event_id=event_id,
                event_type=event.event_type,
                schema_version=event.schema_version,
                data=event.model_dump(mode="json"),
            )
            for event, event_id in zip(events, event_ids, strict=True)
        ]

    async def decode_all(self, stored: Sequence[StoredEvent], *, stream_id: str) -> list[DomainEvent]:
        del stream_id
        return [
            self._registry.class_for(each.event_type, each.schema_version).model_validate(each.data) for each in stored
        ]

    async def prefetch(self, stored: Iterable[StoredEvent]) -> None:
        """Do nothing: everything is in the clear."""
