"""Domain events as JSON: the clear part readable, the personal part one ciphertext under the subject's own key."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, NamedTuple

import orjson
from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import SchemaSerializer

from ansinh_kit.event_store.commit_log import StoredEvent
from ansinh_kit.event_store.upcasting import Payload, Upcasters
from ansinh_kit.events import ERASED, DomainEvent, EventDefinitionError, EventRegistry
from ansinh_kit.personal_data.cipher import PersonalDataCipher


@dataclass(frozen=True, slots=True)
class _Shape:
    """What the codec needs to know of a class, looked up once. Serializers are asked directly: it halves the time."""

    schema_version: int
    subject_field: str
    validate: Callable[[Payload], DomainEvent]
    clear: SchemaSerializer
    personal: Mapping[str, SchemaSerializer]
    erased: Mapping[str, str | None]
    sealed: set[str]
    """The names in `personal`."""

    def clear_part(self, event: DomainEvent) -> dict[str, Any]:
        part: dict[str, Any] = self.clear.to_python(event, mode="json", exclude=self.sealed)
        return part

    def personal_part(self, event: DomainEvent) -> bytes:
        """Return the personal fields as a JSON object; their names are those of Python and need no escapes."""
        fields = [b'"%b":%b' % (name.encode(), to.to_json(getattr(event, name))) for name, to in self.personal.items()]
        return b"{%b}" % b",".join(fields)


class _Read(NamedTuple):
    """An event on its way from the log: `payload` is its clear part, then all of it."""

    stored: StoredEvent
    shape: _Shape
    payload: Payload

    def place(self, stream_id: str) -> str:
        return _place(stream_id, self.stored.event_id, self.stored.event_type, self.stored.schema_version)


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
                event_id,
                event.event_type,
                event.schema_version,
                self._shapes[type(event)].clear_part(event),
                sealed.get(index),
            )
            for index, (event, event_id) in enumerate(zip(events, event_ids, strict=True))
        ]

    async def decode_all(self, stored: Sequence[StoredEvent], *, stream_id: str) -> list[DomainEvent]:
        read = [self._clear(each) for each in stored]
        sealed: dict[str, list[_Read]] = defaultdict(list)
        for each in read:
            if each.stored.personal is not None and each.shape.personal:
                sealed[str(each.payload[each.shape.subject_field])].append(each)
        for subject_id, of_subject in sealed.items():
            await self._open(subject_id, of_subject, stream_id)
        return [each.shape.validate(each.payload) for each in read]

    def _clear(self, stored: StoredEvent) -> "_Read":
        event_class = self._registry.class_for(stored.event_type, stored.schema_version)
        wanted = event_class.schema_version
        clear = self._upcasters.clear(stored.event_type, stored.data, stored=stored.schema_version, wanted=wanted)
        return _Read(stored, self._shapes[event_class], clear)

    async def prefetch(self, stored: Iterable[StoredEvent]) -> None:
        fields = self._subject_fields
        named = {each.data.get(fields.get(each.event_type, "")) for each in stored if each.personal is not None}
        # An old version may name its subject otherwise: that key is then fetched when its event is decoded.
        await self._cipher.prefetch([subject for subject in named if subject is not None])

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

    async def _open(self, subject_id: str, read: Sequence["_Read"], stream_id: str) -> None:
        """Add to each payload what is encrypted for the subject."""
        parts = [(each.stored.personal or {}, each.place(stream_id)) for each in read]
        for each, plaintext in zip(read, await self._cipher.decrypt_all(subject_id, parts), strict=True):
            each.payload.update(each.shape.erased if plaintext is None else self._personal(each, plaintext))

    def _personal(self, read: "_Read", plaintext: bytes) -> Payload:
        stored = read.stored
        wanted = read.shape.schema_version
        return self._upcasters.personal(
            stored.event_type, orjson.loads(plaintext), stored=stored.schema_version, wanted=wanted
        )


def _place(stream_id: str, event_id: str, event_type: str, schema_version: int) -> str:
    return f"{stream_id}|{event_id}|{event_type}|{schema_version}"


@cache
def _shape_of(event_class: type[DomainEvent]) -> _Shape:
    personal = sorted(event_class.personal_fields())
    return _Shape(
        schema_version=event_class.schema_version,
        # The registry refuses classes with personal fields and no subject.
        subject_field=event_class.subject_field or "",
        validate=TypeAdapter(event_class).validator.validate_python,
        clear=TypeAdapter(event_class).serializer,
        personal={name: _field_type(event_class.model_fields[name]).serializer for name in personal},
        erased={name: _erased_value(event_class, name) for name in personal},
        sealed=set(personal),
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
