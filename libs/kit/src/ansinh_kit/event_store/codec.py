"""Domain events as JSON: the clear part readable, the personal part one ciphertext under the subject's own key."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import from_json

from ansinh_kit.event_store.commit_log import StoredEvent
from ansinh_kit.event_store.upcasting import Payload, Upcasters
from ansinh_kit.events import ERASED, DomainEvent, EventDefinitionError, EventRegistry
from ansinh_kit.personal_data.cipher import PersonalDataCipher


@dataclass(frozen=True, slots=True)
class _Shape:
    """What the codec needs to know of a class, looked up once."""

    personal: frozenset[str]
    erased: Mapping[str, str | None]


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

    async def encode(self, event: DomainEvent, *, stream_id: str, event_id: str) -> StoredEvent:
        shape = self._shapes[type(event)]
        return StoredEvent(
            event_id=event_id,
            event_type=event.event_type,
            schema_version=event.schema_version,
            data=event.model_dump(mode="json", exclude=set(shape.personal)),
            personal=await self._sealed(
                event, shape, _place(stream_id, event_id, event.event_type, event.schema_version)
            ),
        )

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

    async def _sealed(self, event: DomainEvent, shape: _Shape, place: str) -> dict[str, Any] | None:
        subject_id = event.subject_id()
        if subject_id is None or not shape.personal:
            return None
        plaintext = event.model_dump_json(include=set(shape.personal)).encode()
        return await self._cipher.encrypt(subject_id, plaintext, context=place)

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
    personal = event_class.personal_fields()
    return _Shape(personal, {name: _erased_value(event_class, name) for name in sorted(personal)})


def _erased_value(event_class: type[DomainEvent], name: str) -> str | None:
    """Return what a reader sees in the field once the subject is erased: text where it takes text, else nothing."""
    field = event_class.model_fields[name]
    for value in (ERASED, None):
        if _accepts(field, value):
            return value
    raise EventDefinitionError(f"{event_class.__name__}.{name} is personal and takes neither {ERASED!r} nor None")


def _accepts(field: FieldInfo, value: str | None) -> bool:
    annotated: Any = Annotated[field.annotation, field]
    try:
        TypeAdapter(annotated).validate_python(value)
    except ValidationError:
        return False
    return True
