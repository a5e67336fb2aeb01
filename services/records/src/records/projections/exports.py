"""The files that were made of a record: which, when, and by which code anybody checks them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from ansinh_kit.database import Document
from ansinh_kit.events import ERASED, RecordedEvent
from ansinh_kit.projections.projection import ViewIndex

from records.domain.exports.events import ExportMade
from records.domain.exports.what import Format, What

_CODE: Final = "code"


class Exports:
    """One document per export; queries go by `participant_id` and `made_at`."""

    name = "exports"
    version = 1
    indexes: Sequence[ViewIndex] = (ViewIndex({"participant_id": 1, "made_at": -1}),)
    personal_fields: frozenset[str] = frozenset({_CODE})

    def subject_of(self, document: Document) -> str:
        return str(document["participant_id"])

    def keys(self, event: RecordedEvent) -> Iterable[str]:
        return (event.event.export_id,) if isinstance(event.event, ExportMade) else ()

    def fold(self, key: str, document: Document | None, event: RecordedEvent) -> Document | None:
        match event.event:
            case ExportMade() as made:
                fields = {"participant_id", "what", "format", "as_of", "made_at", "sha256", _CODE}
                return {"export_id": key, "event_id": event.event_id} | made.model_dump(include=fields)
            case _:
                return document


@dataclass(frozen=True, slots=True)
class ExportListed:
    """An export as its person sees it; `code` is not known of the first ones, and not of a forgotten person's."""

    what: What
    format: Format
    as_of: datetime
    made_at: datetime
    sha256: str
    code: str | None
    event_id: str


def export_listed(document: Document) -> ExportListed:
    code = document[_CODE]
    return ExportListed(
        what=document["what"],
        format=document["format"],
        as_of=document["as_of"],
        made_at=document["made_at"],
        sha256=document["sha256"],
        code=None if code == ERASED else code,
        event_id=document["event_id"],
    )
