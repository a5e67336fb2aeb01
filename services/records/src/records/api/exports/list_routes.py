"""Which files were made of a record (V-31)."""

from datetime import datetime
from typing import Annotated, Final

from ansinh_kit.http.callers import AnyCaller
from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from records.api.access import Access, OpeningId, Who
from records.api.participation_models import Words
from records.domain.exports.what import TITLES, Format, What
from records.handlers.record_ids import RecordIds
from records.projections.exports import ExportListed, export_listed
from records.projections.read_model import ReadModel

_PAGE_DEFAULT: Final = 20
_PAGE_MAX: Final = 100
_SKIP_MAX: Final = 10_000


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ExportEntry(_Answer):
    """A file as it went out. It does not expire: whoever has its code learns what it is, until the person is forgotten.

    What it says, it says as of `as_of`. `code` is `null` for files made before codes were kept.
    """

    what: What
    title: Words
    format: Format
    as_of: datetime
    made_at: datetime
    sha256: str
    code: str | None
    event_id: str


class ExportList(_Answer):
    """A page, newest first, and how many there are in all."""

    total: int
    exports: list[ExportEntry]


def export_list_routes(*, access: Access, record_ids: RecordIds, exports: ReadModel) -> APIRouter:
    router = APIRouter(prefix="/v1/participants/{who}", tags=["exports"])

    @router.get("/exports")
    async def read_exports(
        who: Who,
        caller: AnyCaller,
        limit: Annotated[int, Query(ge=1, le=_PAGE_MAX)] = _PAGE_DEFAULT,
        skip: Annotated[int, Query(ge=0, le=_SKIP_MAX)] = 0,
        opening_id: OpeningId = None,
    ) -> ExportList:
        """Return the files that were made of the record, by whomever."""
        participant_id = await access.admit(caller, who, "export", opening_id)
        of_person = {"participant_id": {"$in": await record_ids.of(participant_id)}}
        found = await exports.find(of_person, sort=[("made_at", -1)], limit=limit, skip=skip)
        entries = [_entry(export_listed(document)) for document in found]
        return ExportList(total=await exports.count(of_person), exports=entries)

    return router


def _entry(listed: ExportListed) -> ExportEntry:
    title = TITLES[listed.what]
    return ExportEntry(
        what=listed.what,
        title=Words(vi=title.vi, en=title.en),
        format=listed.format,
        as_of=listed.as_of,
        made_at=listed.made_at,
        sha256=listed.sha256,
        code=listed.code,
        event_id=listed.event_id,
    )
