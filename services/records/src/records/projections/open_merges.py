"""Merges that have begun and not ended: what a process that died left to be carried on."""

from collections.abc import Iterable, Sequence

from ansinh_kit.database import Document
from ansinh_kit.events import RecordedEvent
from ansinh_kit.projections.projection import ViewIndex

from records.domain.participant import events as happened


class OpenMerges:
    """One document per open merge: `{merge_id, into, duplicate_id, begun_at}`."""

    name = "open_merges"
    version = 1
    indexes: Sequence[ViewIndex] = (ViewIndex({"begun_at": 1}),)
    personal_fields: frozenset[str] = frozenset()

    def subject_of(self, document: Document) -> str:
        raise AssertionError(f"a merge holds nothing personal: {sorted(document)}")

    def keys(self, event: RecordedEvent) -> Iterable[str]:
        match event.event:
            case happened.MergeBegun() | happened.MergeAbandoned() | happened.DuplicateTakenOver() as concerned:
                return (concerned.merge_id,)
            case _:
                return ()

    def fold(self, key: str, document: Document | None, event: RecordedEvent) -> Document | None:
        del document
        match event.event:
            case happened.MergeBegun() as begun:
                return {
                    "merge_id": key,
                    "into": begun.participant_id,
                    "duplicate_id": begun.duplicate_id,
                    "begun_at": begun.occurred_at,
                }
        return None
