"""That a file was made of a record. What is in it is not kept: its SHA-256 tells it from every other file."""

from datetime import datetime
from typing import ClassVar, Final

from ansinh_kit.events import DomainEvent, OptionalPersonalText, PersonalText

from records.domain.exports.what import Format, What
from records.domain.language import Language


class ExportMade(DomainEvent):
    """`holder` is the masked name of whose record it is; `sha256` is of the whole file, in hex.

    `code` stands on the paper, and is here for its person alone. Version 1 did not keep it.
    """

    event_type: ClassVar[str] = "export_made"
    schema_version: ClassVar[int] = 2
    subject_field: ClassVar[str | None] = "participant_id"

    export_id: str
    participant_id: str
    what: What
    format: Format
    language: Language
    holder: PersonalText
    code: OptionalPersonalText = None
    as_of: datetime
    sha256: str
    made_at: datetime


EXPORT_EVENTS: Final = (ExportMade,)
