"""The officers' routes to bulk files: send one in, see how far it is, download what was refused."""

from collections.abc import AsyncIterator, Mapping
from typing import Annotated, Final, Literal

from ansinh_kit.errors import DomainError, FieldViolation, InvalidFieldsError
from ansinh_kit.http.body_limits import BodyTooLargeError, refuse_declared_length
from ansinh_kit.http.metadata import RequestMetadata
from ansinh_kit.http.problems import Answer
from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import StreamingResponse

from records.api.errors import gone
from records.api.import_models import ImportStatus
from records.api.officers import CurrentOfficer
from records.domain.bulk.refusals import FileRefusedError
from records.domain.imports.decide import ImportNotFoundError
from records.domain.imports.events import FileKindName
from records.domain.published_rules import all_rules
from records.handlers.importing.report import Form, report_lines
from records.handlers.importing.uploads import Uploads
from records.storage.import_reports import ImportReports

BULK_FILE_LIMIT_BYTES: Final = 64 * 1024 * 1024

ImportId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]

IMPORT_ERRORS: Final[Mapping[type[DomainError], Answer]] = {
    ImportNotFoundError: gone("Không tìm thấy lần nhập tệp này.", "There is no such import.")
}
_MEDIA_TYPES: Final[dict[Form, str]] = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson"}


def import_routes(*, uploads: Uploads, reports: ImportReports) -> APIRouter:
    router = APIRouter(prefix="/v1/staff/imports", tags=["feeding"])

    @router.post("", status_code=202)
    async def send_in(
        *,
        request: Request,
        response: Response,
        officer: CurrentOfficer,
        metadata: RequestMetadata,
        kind: Annotated[FileKindName, Query()],
        dry_run: Annotated[Literal["true", "false"], Query()] = "false",
    ) -> ImportStatus:
        """Take in a file of CSV or JSON Lines, gzip or not, as the body; it is worked through in the background.

        The same file sent again while it is being worked through is the same import.
        """
        try:
            import_id = await uploads.accept(kind, _body(request), officer, metadata, dry_run=dry_run == "true")
        except FileRefusedError as refused:
            field = refused.refusal.column or f"line {refused.refusal.line}"
            raise InvalidFieldsError([FieldViolation(field, refused.refusal.rule.name)]) from refused
        response.headers["Location"] = f"{router.prefix}/{import_id}"
        return ImportStatus.of(await uploads.find(import_id, officer))

    @router.get("/{import_id}")
    async def read(import_id: ImportId, officer: CurrentOfficer) -> ImportStatus:
        """Tell how far an import of the own agency has come."""
        return ImportStatus.of(await uploads.find(import_id, officer))

    @router.get("/{import_id}/report", response_class=StreamingResponse)
    async def download_report(
        import_id: ImportId, officer: CurrentOfficer, form: Annotated[Form, Query()] = "csv"
    ) -> StreamingResponse:
        """Return every refused row so far: line, column, rule, what the value looked like, and what to do."""
        await uploads.find(import_id, officer)
        headers = {"Content-Disposition": f'attachment; filename="import-{import_id}.{form}"'}
        lines = report_lines(reports.read(import_id), form, all_rules())
        return StreamingResponse(lines, media_type=_MEDIA_TYPES[form], headers=headers)

    return router


async def _body(request: Request) -> AsyncIterator[bytes]:
    """Yield the body as it comes in, and no more of it than a bulk file may have (LIM-24)."""
    refuse_declared_length(request.scope, BULK_FILE_LIMIT_BYTES)
    taken = 0
    async for chunk in request.stream():
        taken += len(chunk)
        if taken > BULK_FILE_LIMIT_BYTES:
            raise BodyTooLargeError
        yield chunk
