"""The rows of a person's record, now or as of an earlier moment: then also what stood in records merged into it since.

What stands now stands under the record's own id. Of an earlier moment a person asks who may have been known by the
other record then, and its rows, those withdrawn before the merge among them, stand nowhere else (ADR-0008).
"""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from ansinh_kit.database import Document

from records.handlers.record_ids import RecordIds
from records.projections.catalogue import ReadModels
from records.projections.joined import joined
from records.projections.read_model import ReadModel


class RowHistory:
    """A read model with documents `<participant>` or `<participant>/<part>`."""

    def __init__(self, view: ReadModel, record_ids: RecordIds) -> None:
        self._view = view
        self._record_ids = record_ids

    async def get(self, key: str, as_of: datetime | None) -> Document | None:
        """Return the document as far as it can tell of `as_of`.

        Raises:
            UnavailableError: The read model could not be asked.
        """
        if as_of is None:
            return await self._view.get(key)
        participant_id, slash, part = key.partition("/")
        ids = await self._record_ids.of(participant_id)
        found = [await self._view.get(f"{each}{slash}{part}") for each in ids]
        return joined([document for document in found if document is not None])

    async def find(self, participant_id: str, as_of: datetime | None, *, by: str, limit: int) -> list[Document]:
        """Return all the participant's documents, of the highest `by` first; at most `limit` of each record.

        Raises:
            UnavailableError: The read model could not be asked.
        """
        ids = [participant_id] if as_of is None else await self._record_ids.of(participant_id)
        found: list[Document] = []
        for each in ids:
            found += await self._view.find({"participant_id": each}, sort=[(by, -1)], limit=limit)
        found.sort(key=lambda document: document[by], reverse=True)  # stable: the record's own stays first
        whole = [joined(list(same)) for _, same in groupby(found, key=lambda document: document[by])]
        return [document for document in whole if document is not None]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowHistories:
    """The histories of all rows of a record."""

    periods: RowHistory
    benefits: RowHistory
    cards: RowHistory
    visits: RowHistory


def row_histories(read_models: ReadModels, record_ids: RecordIds) -> RowHistories:
    return RowHistories(
        periods=RowHistory(read_models.participation, record_ids),
        benefits=RowHistory(read_models.benefit_tabs, record_ids),
        cards=RowHistory(read_models.health_cards, record_ids),
        visits=RowHistory(read_models.medical_book, record_ids),
    )
