"""Which declaration a dossier number is (V-09)."""

from collections.abc import Iterable, Sequence

from ansinh_kit.database import Document
from ansinh_kit.events import RecordedEvent
from ansinh_kit.projections.projection import ViewIndex

from registration.domain.declaration import events as happened


class Dossiers:
    """One document per dossier number: `{declaration_id}`. What became of it is asked of the declaration itself."""

    name = "dossiers"
    version = 1
    indexes: Sequence[ViewIndex] = ()
    personal_fields: frozenset[str] = frozenset()

    def subject_of(self, document: Document) -> str:
        raise AssertionError(f"nothing personal is in here: {sorted(document)}")

    def keys(self, event: RecordedEvent) -> Iterable[str]:
        match event.event:
            case happened.DeclarationSubmitted() | happened.DeclarationSetAside() as sent:
                return (sent.dossier_number,)
            case _:
                return ()

    def fold(self, key: str, document: Document | None, event: RecordedEvent) -> Document | None:
        del key
        match event.event:
            case happened.DeclarationSubmitted() | happened.DeclarationSetAside() as sent:
                return {"declaration_id": sent.declaration_id}
            case _:
                return document
