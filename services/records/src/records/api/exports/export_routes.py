"""Taking a record along as a file (V-31). Each answer is a new export with a code of its own; no file is kept."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, cast

from ansinh_kit.clock import Clock
from ansinh_kit.errors import DomainError
from ansinh_kit.http.assertion import Caller
from ansinh_kit.http.callers import AnyCaller
from ansinh_kit.http.problems import Answer
from fastapi import APIRouter, Path, Query, Response

from records.api.access import Access, OpeningId, Who
from records.api.as_of import VIET_NAM, AsOf
from records.api.contexts import OnceContext
from records.api.errors import refused
from records.api.exports.sheets import Sheets
from records.domain.exports.errors import ExportAlreadyMadeError, ExportTooLargeError
from records.domain.exports.what import FORMATS, PARTS, WHATS, Format, What
from records.domain.language import Language
from records.handlers.exporting import ExportFile, Exporting, ExportOrder

_MEDIA_TYPES: Final[Mapping[Format, str]] = {
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8; header=absent",
    "json": "application/json",
}
_FILE: Final[dict[str, Any]] = {
    "description": "the file",
    "headers": {"Export-Code": {"description": "by which anybody checks the file", "schema": {"type": "string"}}},
    "content": {
        media_type.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}}
        for media_type in _MEDIA_TYPES.values()
    },
}
FileName = Annotated[str, Path(pattern=rf"^({'|'.join(WHATS)})\.({'|'.join(FORMATS)})$")]
"""What to export and as what, such as `book.pdf`."""
SpokenLanguage = Annotated[Language, Query(description="the language of labels and texts")]

EXPORT_ERRORS: Final[Mapping[type[DomainError], Answer]] = {
    ExportTooLargeError: refused(
        "Hồ sơ có quá nhiều dòng cho định dạng này (tối đa {rows_max}). Hãy tải từng danh sách hoặc chọn CSV, JSON.",
        "The record has too many rows for this format (at most {rows_max}). Take single lists, or CSV or JSON.",
    ),
    ExportAlreadyMadeError: refused("Tệp này đã được lập.", "This export was made already."),
}


def export_routes(*, access: Access, sheets: Sheets, exporting: Exporting, clock: Clock) -> APIRouter:
    router = APIRouter(prefix="/v1/participants/{who}/exports", tags=["exports"])

    @router.get("/{file}", response_class=Response, responses={200: _FILE})
    async def make_export(
        *,
        who: Who,
        file: FileName,
        caller: AnyCaller,
        as_of: AsOf,
        context: OnceContext,
        language: SpokenLanguage = "vi",
        opening_id: OpeningId = None,
    ) -> Response:
        """Return the file, as the records said at `as_of`, with its code in it and in the header `Export-Code`."""
        what, export_format = _asked(file)
        participant_id = await _admitted(access, caller, who, what, opening_id)
        await exporting.admit(caller.actor)
        now = clock.now()
        await sheets.catch_up(await exporting.position())
        # A paper cannot say what the records will be.
        moment = now if as_of is None else min(as_of, now)
        page = await sheets.person(participant_id, moment)
        sheet = await sheets.sheet(what, page, moment)
        order = ExportOrder(
            participant_id=participant_id,
            holder_name=page.full_name or "",
            what=what,
            format=export_format,
            language=language,
            as_of=moment,
        )
        return _download(order, await exporting.make(order, sheet, context))

    return router


async def _admitted(access: Access, caller: Caller, who: str, what: What, opening_id: str | None) -> str:
    """Return whose record it is, if everything the file shows is open to the caller."""
    closed, *others = PARTS[what]
    participant_id = await access.admit(caller, who, closed, opening_id)
    for part in others:
        await access.admit(caller, who, part, opening_id)
    return participant_id


def _download(order: ExportOrder, made: ExportFile) -> Response:
    name = f"{order.what}-{order.as_of.astimezone(VIET_NAM):%Y-%m-%d}.{order.format}"
    return Response(
        made.content,
        media_type=_MEDIA_TYPES[order.format],
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Security-Policy": "sandbox",
            "Export-Code": made.code,
        },
    )


def _asked(file: str) -> tuple[What, Format]:
    """Return what and as what: the pattern of the path lets nothing else through."""
    what, _, export_format = file.rpartition(".")
    return cast("What", what), cast("Format", export_format)
