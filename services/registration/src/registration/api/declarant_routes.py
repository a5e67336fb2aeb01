"""The declarant's routes. Who holds the declaration's token may go on with it; no account is needed."""

from typing import Final

from ansinh_kit.http.body_limits import read_body
from ansinh_kit.http.callers import AnyCaller
from ansinh_kit.http.metadata import RequestMetadata
from ansinh_kit.http.versions import etag
from fastapi import APIRouter, Request, Response

from registration.api import models
from registration.api.contexts import DeclarationId, OnceContext, RepeatableContext, Token
from registration.domain.form import FormEntries
from registration.domain.photos import PhotoKind
from registration.handlers.drafting import Drafting
from registration.handlers.overview import Overviews
from registration.handlers.sending import Receipt, Sending
from registration.projections.declarant_overview import DeclarantOverview
from registration.storage.photo_process import UPLOAD_MAX_BYTES

# Told to everyone who sends, so that it tells nobody anything (ADR-0006).
_NOTE: Final = models.Bilingual(
    vi=(
        "Mỗi người chỉ có một tờ khai đang được giải quyết. Nếu đã có một tờ khai khác với mã số BHXH hoặc giấy tờ "
        "này, tờ khai vừa gửi sẽ chờ, và chúng tôi chỉ báo cho người liên hệ ghi trong tờ khai trước."
    ),
    en=(
        "A person has one open declaration at a time. If there is another one for this social-insurance number or "
        "identity paper, the one just sent waits, and only the contact given in the earlier one is told."
    ),
)


def declarant_routes(*, drafting: Drafting, sending: Sending, overviews: Overviews) -> APIRouter:
    router = APIRouter(prefix="/v1/declarations", tags=["declarations"])
    _add_drafting(router, drafting)
    _add_sending(router, drafting, sending)

    @router.get("/{declaration_id}")
    async def read_declaration(
        declaration_id: DeclarationId, _caller: AnyCaller, response: Response, token: Token = ""
    ) -> models.DeclarationOverview:
        """Return the declaration as its declarant sees it."""
        overview = await overviews.of_declarant(declaration_id, token)
        response.headers["ETag"] = etag(overview.version)
        return _overview(overview)

    return router


def _add_drafting(router: APIRouter, drafting: Drafting) -> None:
    @router.post("", status_code=201)
    async def start_declaration(
        body: models.StartBody, metadata: RequestMetadata, response: Response
    ) -> models.Started:
        """Begin an empty draft and return its token, once."""
        started = await drafting.start(body.language, metadata)
        response.headers["ETag"] = etag(started.version)
        return models.Started(declaration_id=started.declaration_id, declaration_token=started.token)

    @router.put("/{declaration_id}")
    async def fill_in(
        declaration_id: DeclarationId, body: FormEntries, context: OnceContext, response: Response, token: Token = ""
    ) -> models.Saved:
        """Replace the draft's form; in a rejected declaration, correct the rejected fields."""
        saved = await drafting.fill_in(declaration_id, token, body, context)
        response.headers["ETag"] = etag(saved.version)
        return models.Saved(status=saved.state.status_for_declarant(), missing=list(saved.state.missing()))

    @router.put("/{declaration_id}/photos/{kind}")
    async def attach_photo(
        *,
        declaration_id: DeclarationId,
        kind: PhotoKind,
        request: Request,
        context: OnceContext,
        response: Response,
        token: Token = "",
    ) -> models.SavedPhoto:
        """Attach a photo, or put another in its place. The body is the JPEG or PNG itself, at most 8 MiB."""
        upload = await read_body(request, limit_bytes=UPLOAD_MAX_BYTES)
        saved = await drafting.attach_photo(declaration_id, token, kind, upload, context)
        response.headers["ETag"] = etag(saved.version)
        photo = saved.state.photos[kind]
        return models.SavedPhoto(
            status=saved.state.status_for_declarant(),
            missing=list(saved.state.missing()),
            kind=kind,
            width_pixels=photo.width_pixels,
            height_pixels=photo.height_pixels,
        )


def _add_sending(router: APIRouter, drafting: Drafting, sending: Sending) -> None:
    @router.post("/{declaration_id}/submit")
    async def submit(
        declaration_id: DeclarationId, context: RepeatableContext, response: Response, token: Token = ""
    ) -> models.ReceiptSlip:
        """Send the declaration to its agency."""
        receipt = await sending.submit(declaration_id, token, context)
        response.headers["ETag"] = etag(receipt.version)
        return _slip(declaration_id, "submitted", receipt)

    @router.post("/{declaration_id}/resubmit")
    async def resubmit(
        declaration_id: DeclarationId, context: RepeatableContext, response: Response, token: Token = ""
    ) -> models.ReceiptSlip:
        """Send the corrected declaration again, under its dossier number."""
        receipt = await sending.resubmit(declaration_id, token, context)
        response.headers["ETag"] = etag(receipt.version)
        return _slip(declaration_id, "resubmitted", receipt)

    @router.post("/{declaration_id}/withdraw")
    async def withdraw(
        declaration_id: DeclarationId, context: RepeatableContext, response: Response, token: Token = ""
    ) -> models.Saved:
        """Take the declaration back, before it is decided."""
        withdrawn = await drafting.withdraw(declaration_id, token, context)
        response.headers["ETag"] = etag(withdrawn.version)
        return models.Saved(status="withdrawn", missing=[])


def _slip(declaration_id: str, status: models.SentStatus, receipt: Receipt) -> models.ReceiptSlip:
    return models.ReceiptSlip(
        declaration_id=declaration_id,
        dossier_number=receipt.dossier_number,
        status=status,
        received_at=receipt.received_at,
        due_at=receipt.due_at,
        note=_NOTE,
    )


def _overview(overview: DeclarantOverview) -> models.DeclarationOverview:
    return models.DeclarationOverview(
        declaration_id=overview.declaration_id,
        status=overview.status,
        dossier_number=overview.dossier_number,
        agency_code=overview.agency_code,
        due_at=overview.due_at,
        form=overview.form,
        photos=sorted(overview.photos),
        missing=list(overview.missing()),
        reasons=list(overview.reasons),
        time_line=[
            models.TimeLineStep(step=entry.step, at=entry.at, due_at=entry.due_at) for entry in overview.time_line
        ],
    )
