"""That a file was made of a record. What is in it is not kept: its SHA-256 tells it from every other file."""

from datetime import datetime
from typing import ClassVar, Final

from ansinh_kit.events import DomainEvent, PersonalText

from records.domain.exports.what import Format, What
from records.domain.language import Language


class ExportMade(DomainEvent):
    """`holder` is the masked name of whose record it is; `sha256` is of the whole file, in hex."""

    event_type: ClassVar[str] = "export_made"
    subject_field: ClassVar[str | None] = "participant_id"

    export_id: str
    participant_id: str
    what: What
    format: Format
    language: Language
    holder: PersonalText
    as_of: datetime
    sha256: str
    made_at: datetime


EXPORT_EVENTS: Final = (ExportMade,)
