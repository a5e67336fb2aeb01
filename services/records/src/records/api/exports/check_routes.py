"""Asking whether a file or paper is an export of ours: for whoever was handed one, without an account (V-31)."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Final

from ansinh_kit.events import ERASED
from ansinh_kit.http.callers import AnyCaller
from ansinh_kit.http.client_address import ClientAddress
from ansinh_kit.throttling.port import TooManyAttemptsError
from fastapi import APIRouter, Header, Query, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict, Field

from records.api.exports.check_page import GENUINE, PAGE_HEADERS, check_page, finding_of, wait_page, wants_page
from records.api.participation_models import Words
from records.domain.exports.events import ExportMade
from records.domain.exports.what import TITLES, Format, What
from records.domain.participant.entries import Entry
from records.handlers.export_checks import ExportChecks

# A SHA-256 has 64 digits; whoever copies one may bring blanks along.
_TYPED_MAX: Final = 200
_BY_ACCEPT: Final = {"Vary": "Accept"}


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ExportSeen(_Answer):
    """What a genuine export is. `holder` is the masked name of whose record it is, `null` once it was forgotten.

    The paper may still be a forgery with a true code: only a file with this very `sha256` is what we made.
    """

    what: What
    title: Words
    format: Format
    holder: str | None
    as_of: datetime
    made_at: datetime
    sha256: str


class ExportCheckAnswer(_Answer):
    """`export` is there exactly if we gave out this code. A mistyped code and a made-up one read alike."""

    genuine: bool
    export: ExportSeen | None


class FileCheckAnswer(ExportCheckAnswer):
    """`genuine`: we gave out the code, and the file is the one we made under it."""


class FileQuestion(_Answer):
    """The code in a file, and the SHA-256 of the whole file in hex. The file itself stays with whoever asks."""

    code: Entry
    sha256: Annotated[str, Field(pattern=r"^[0-9A-Fa-f]{64}$")]


def export_check_routes(*, checks: ExportChecks) -> APIRouter:
    router = APIRouter(prefix="/v1/public/export-checks", tags=["look-ups"])

    @router.get("/{code}", response_model=ExportCheckAnswer, responses={200: {"content": {"text/html": {}}}})
    async def check_code(
        *,
        code: str,
        _caller: AnyCaller,
        address: ClientAddress,
        response: Response,
        accept: Annotated[str | None, Header()] = None,
        sha256: Annotated[str | None, Query(max_length=_TYPED_MAX, description="of the file, in hex")] = None,
    ) -> ExportCheckAnswer | HTMLResponse:
        """Return what was made under the code of a paper; this is where its QR code leads.

        A browser gets a page, everyone else JSON; so it is, too, when too many were asked for. With `sha256`,
        `genuine` is said of the file.
        """
        try:
            made = await checks.find(code, address=address)
        except TooManyAttemptsError as slow_down:
            if not wants_page(accept):
                raise
            return _wait(slow_down.retry_after_seconds)
        finding = finding_of(made, sha256)
        if wants_page(accept):
            return HTMLResponse(check_page(code, made, finding), headers={**PAGE_HEADERS, **_BY_ACCEPT})
        response.headers.update(_BY_ACCEPT)
        return ExportCheckAnswer(genuine=finding in GENUINE, export=_seen(made))

    @router.post("")
    async def check_file(body: FileQuestion, _caller: AnyCaller, address: ClientAddress) -> FileCheckAnswer:
        """Return whether a file is the very one that was made under its code."""
        made = await checks.find(body.code, address=address)
        genuine = made is not None and made.sha256 == body.sha256.lower()
        return FileCheckAnswer(genuine=genuine, export=_seen(made))

    return router


def _wait(seconds: int) -> HTMLResponse:
    headers = {**PAGE_HEADERS, **_BY_ACCEPT, "Retry-After": str(seconds)}
    return HTMLResponse(wait_page(seconds), status_code=HTTPStatus.TOO_MANY_REQUESTS, headers=headers)


def _seen(made: ExportMade | None) -> ExportSeen | None:
    if made is None:
        return None
    title = TITLES[made.what]
    return ExportSeen(
        what=made.what,
        title=Words(vi=title.vi, en=title.en),
        format=made.format,
        holder=None if made.holder == ERASED else made.holder,
        as_of=made.as_of,
        made_at=made.made_at,
        sha256=made.sha256,
    )
