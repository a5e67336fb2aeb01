"""Domain events as JSON: the clear part readable, the personal part one ciphertext under the subject's own key."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import SchemaSerializer, from_json

from ansinh_kit.event_store.commit_log import StoredEvent
from ansinh_kit.event_store.upcasting import Payload, Upcasters
from ansinh_kit.events import ERASED, DomainEvent, EventDefinitionError, EventRegistry
from ansinh_kit.personal_data.cipher import PersonalDataCipher


@dataclass(frozen=True, slots=True)
class _Shape:
    """What the codec needs to know of a class, looked up once. Serializers are asked directly: it halves the time."""

    clear: SchemaSerializer
    personal: Mapping[str, SchemaSerializer]
    erased: Mapping[str, str | None]

    def clear_part(self, event: DomainEvent) -> dict[str, Any]:
        part: dict[str, Any] = self.clear.to_python(event, mode="json", exclude=set(self.personal))
        return part

    def personal_part(self, event: DomainEvent) -> bytes:
        """Return the personal fields as a JSON object; their names are those of Python and need no escapes."""
        fields = [b'"%b":%b' % (name.encode(), to.to_json(getattr(event, name))) for name, to in self.personal.items()]
        return b"{%b}" % b",".join(fields)


class JsonCodec:
    """Writes events as JSON and reads every version ever stored. Source: PII-03.

    The personal fields of one event are one blob, bound to its place: it opens for no other stream, event, type or
    version. Once the subject's key is destroyed they read as `ERASED`, or as `None` where a field takes no text.
    """

    def __init__(self, registry: EventRegistry, cipher: PersonalDataCipher, upcasters: Upcasters | None = None) -> None:
        """Check the whole registry, so that a mistake stops the service at its start.

        Raises:
            EventDefinitionError: A personal field takes neither `ERASED` nor `None`, or an upcaster is missing.
        """
        self._registry = registry
        self._cipher = cipher
        self._upcasters = upcasters or Upcasters.of([], registry)
        self._shapes = {event: _shape_of(event) for event in registry.by_type.values()}
        self._subject_fields = {name: event.subject_field or "" for name, event in registry.by_type.items()}

    async def encode_all(
        self, events: Sequence[DomainEvent], *, stream_id: str, event_ids: Sequence[str]
    ) -> list[StoredEvent]:
        sealed = await self._sealed(events, stream_id, event_ids)
        return [
            StoredEvent(
                event_id=event_id,
                event_type=event.event_type,
                schema_version=event.schema_version,
                data=self._shapes[type(event)].clear_part(event),
                personal=sealed.get(index),
            )
            for index, (event, event_id) in enumerate(zip(events, event_ids, strict=True))
        ]

    async def decode(self, stored: StoredEvent, *, stream_id: str) -> DomainEvent:
        event_class = self._registry.class_for(stored.event_type, stored.schema_version)
        payload = self._upcasters.clear(
            stored.event_type, stored.data, stored=stored.schema_version, wanted=event_class.schema_version
        )
        if stored.personal is not None and self._shapes[event_class].personal:
            payload |= await self._opened(stored, stored.personal, event_class, payload, stream_id)
        return event_class.model_validate(payload)

    async def prefetch(self, stored: Iterable[StoredEvent]) -> None:
        fields = [(each.data, self._subject_fields.get(each.event_type, "")) for each in stored if each.personal]
        # An old version may name its subject otherwise: that key is then fetched when its event is decoded.
        await self._cipher.prefetch({data[field] for data, field in fields if field in data})

    async def _sealed(
        self, events: Sequence[DomainEvent], stream_id: str, event_ids: Sequence[str]
    ) -> dict[int, dict[str, Any]]:
        """Return the blob of each event that has one, by its place among `events`."""
        by_subject: dict[str, list[int]] = defaultdict(list)
        for index, event in enumerate(events):
            subject_id = event.subject_id() if self._shapes[type(event)].personal else None
            if subject_id is not None:
                by_subject[subject_id].append(index)
        sealed: dict[int, dict[str, Any]] = {}
        for subject_id, indexes in by_subject.items():
            parts = [self._personal_part(events[index], stream_id, event_ids[index]) for index in indexes]
            sealed |= zip(indexes, await self._cipher.encrypt_all(subject_id, parts), strict=True)
        return sealed

    def _personal_part(self, event: DomainEvent, stream_id: str, event_id: str) -> tuple[bytes, str]:
        place = _place(stream_id, event_id, event.event_type, event.schema_version)
        return self._shapes[type(event)].personal_part(event), place

    async def _opened(
        self,
        stored: StoredEvent,
        blob: Mapping[str, Any],
        event_class: type[DomainEvent],
        clear: Payload,
        stream_id: str,
    ) -> Mapping[str, Any]:
        place = _place(stream_id, stored.event_id, stored.event_type, stored.schema_version)
        plaintext = await self._cipher.decrypt(_subject_of(event_class, clear), blob, context=place)
        if plaintext is None:
            return self._shapes[event_class].erased
        return self._upcasters.personal(
            stored.event_type,
            from_json(plaintext),
            stored=stored.schema_version,
            wanted=event_class.schema_version,
        )


def _place(stream_id: str, event_id: str, event_type: str, schema_version: int) -> str:
    return f"{stream_id}|{event_id}|{event_type}|{schema_version}"


def _subject_of(event_class: type[DomainEvent], clear: Payload) -> str:
    # The registry refuses classes with personal fields and no subject.
    return str(clear[event_class.subject_field or ""])


def _shape_of(event_class: type[DomainEvent]) -> _Shape:
    personal = sorted(event_class.personal_fields())
    return _Shape(
        clear=TypeAdapter(event_class).serializer,
        personal={name: _field_type(event_class.model_fields[name]).serializer for name in personal},
        erased={name: _erased_value(event_class, name) for name in personal},
    )


def _erased_value(event_class: type[DomainEvent], name: str) -> str | None:
    """Return what a reader sees in the field once the subject is erased: text where it takes text, else nothing."""
    field = event_class.model_fields[name]
    for value in (ERASED, None):
        if _accepts(field, value):
            return value
    raise EventDefinitionError(f"{event_class.__name__}.{name} is personal and takes neither {ERASED!r} nor None")


def _accepts(field: FieldInfo, value: str | None) -> bool:
    try:
        _field_type(field).validate_python(value)
    except ValidationError:
        return False
    return True


def _field_type(field: FieldInfo) -> TypeAdapter[Any]:
    annotated: Any = Annotated[field.annotation, field]
    return TypeAdapter(annotated)
