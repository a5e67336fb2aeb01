"""Which declarations name a person, in whatever state they are: found when the person is to be forgotten (PII-06)."""

from collections.abc import Iterable, Sequence

from ansinh_kit.database import Document
from ansinh_kit.events import RecordedEvent
from ansinh_kit.personal_data.blind_index import BlindIndex
from ansinh_kit.projections.projection import ViewIndex

from registration.domain.declaration import events as happened
from registration.domain.form import Form
from registration.domain.named_numbers import numbers_in


class DeclaredNumbers:
    """One document per declaration with a number in its form: `{declaration_id, person_id, keys}`.

    `keys` are blind indexes under the newest root key; who looks asks under all of them. Only what the form says last
    counts: a number that was typed by mistake and corrected names another person.
    """

    name = "declared_numbers"
    version = 1
    indexes: Sequence[ViewIndex] = (ViewIndex({"keys": 1}),)
    personal_fields: frozenset[str] = frozenset()

    def __init__(self, blind_index: BlindIndex) -> None:
        self._blind_index = blind_index

    def subject_of(self, document: Document) -> str:
        return str(document["person_id"])

    def keys(self, event: RecordedEvent) -> Iterable[str]:
        match event.event:
            case happened.FormFilledIn() | happened.FieldsCorrected() | happened.DeclarationForgotten() as concerned:
                return [concerned.declaration_id]
            case _:
                return []

    def fold(self, key: str, document: Document | None, event: RecordedEvent) -> Document | None:
        match event.event:
            case happened.FormFilledIn() | happened.FieldsCorrected() as filled_in:
                keys = self._indexes(filled_in.form or Form())
                return {"declaration_id": key, "person_id": filled_in.person_id, "keys": keys} if keys else None
            case happened.DeclarationForgotten():
                return None
        return document

    def _indexes(self, form: Form) -> list[str]:
        return sorted(self._blind_index.of(*number.index_key()) for number in numbers_in(form))
