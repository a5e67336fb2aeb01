"""What a service writes to get a read model: a name, a version, indexes, and two pure functions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from ansinh_kit.database import Document
from ansinh_kit.events import RecordedEvent


@dataclass(frozen=True, slots=True)
class ViewIndex:
    """An index over fields of the view's documents; 1 is ascending, -1 descending."""

    fields: Mapping[str, int]


class Projection(Protocol):
    """A read model's definition. Raise `version` whenever `keys`, `fold` or the shape changes: it is then rebuilt.

    Fields whose names start with `_` belong to the kit. Documents hold no clear personal value unless it is
    named in `personal_fields`; those are written encrypted with the data key of `subject_of(document)`.
    """

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> int: ...

    @property
    def indexes(self) -> Sequence[ViewIndex]: ...

    @property
    def personal_fields(self) -> frozenset[str]: ...

    def subject_of(self, document: Document) -> str:
        """Return whose data key encrypts this document's personal fields. Called only if there are any."""
        ...

    def keys(self, event: RecordedEvent) -> Iterable[str]:
        """Return the ids of the documents that this event changes; none if it does not concern the view."""
        ...

    def fold(self, key: str, document: Document | None, event: RecordedEvent) -> Document | None:
        """Return the document after the event, `None` to remove it. Pure: no clock, no I/O; it never refuses.

        A changed document is a new one. The very document that was given says that nothing changed.
        """
        ...
