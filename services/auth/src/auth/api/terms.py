"""The terms of use: read by anyone, accepted in a session (S-05, S-06). Refusing stores nothing."""

from datetime import datetime
from typing import Annotated

from ansinh_contracts.auth import DeviceKind
from ansinh_contracts.language import Language
from ansinh_kit.http.metadata import RequestMetadata
from fastapi import APIRouter, Query
from pydantic import BaseModel, StringConstraints

from auth.api.fields import Body
from auth.api.sessions import CitizenSession
from auth.domain.consent import TermsAccepted
from auth.handlers.consents import Acceptance, TermsOfUse


class TermsShown(BaseModel):
    """`text` is Markdown; `digest` is the SHA-256 of its UTF-8 bytes, in hexadecimal digits."""

    version: str
    language: Language
    text: str
    digest: str


class AcceptBody(Body):
    version: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    digest: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Consent(BaseModel):
    version: str
    digest: str
    language: Language
    device_kind: DeviceKind
    accepted_at: datetime


class ConsentsShown(BaseModel):
    """`due`: the version that counts now was not accepted yet, and is to be shown before anything else."""

    current_version: str
    due: bool
    accepted: list[Consent]


def terms_routes(terms: TermsOfUse) -> APIRouter:
    routes = APIRouter(prefix="/v1", tags=["terms"])

    @routes.get("/terms")
    async def show_terms(language: Annotated[Language, Query()] = "vi") -> TermsShown:
        text = terms.current.in_language(language)
        return TermsShown(version=terms.current.version, language=language, text=text.text, digest=text.digest)

    @routes.get("/me/consents")
    async def show_consents(session: CitizenSession) -> ConsentsShown:
        accepted = await terms.accepted_by(session.account_id)
        return ConsentsShown(
            current_version=terms.current.version,
            due=all(one.terms_version != terms.current.version for one in accepted),
            accepted=[_consent(one) for one in accepted],
        )

    @routes.post("/me/consents", status_code=201)
    async def accept_terms(body: AcceptBody, session: CitizenSession, metadata: RequestMetadata) -> Consent:
        acceptance = Acceptance(
            account_id=session.account_id,
            session_epoch=session.epoch,
            terms_version=body.version,
            digest=body.digest,
        )
        return _consent(await terms.accept(acceptance, metadata=metadata))

    return routes


def _consent(accepted: TermsAccepted) -> Consent:
    return Consent(
        version=accepted.terms_version,
        digest=accepted.digest,
        language=accepted.language,
        device_kind=accepted.device_kind,
        accepted_at=accepted.accepted_at,
    )
