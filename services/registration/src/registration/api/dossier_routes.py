"""How far a dossier is, for anybody who knows its number and its phone and took the trouble of a proof (V-09)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Final

from ansinh_kit.http.callers import AnyCaller
from ansinh_kit.http.client_address import ClientAddress
from ansinh_kit.http.even_pace import EvenPace
from ansinh_kit.human_check.port import HumanCheck
from ansinh_kit.human_check.routes import HumanProof
from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from registration.domain.declaration.state import DeclarantStatus
from registration.domain.rules.entry import Entry
from registration.domain.rules.phone import mobile_phone
from registration.domain.rules.refusal import Checks, Text
from registration.handlers.dossier_look_up import DossierLookUp
from registration.projections.declarant_overview import DeclarantOverview

_TO_DO: Final[Mapping[DeclarantStatus, Text]] = {
    "draft": Text("Hãy hoàn thành và gửi tờ khai.", "Finish the declaration and send it."),
    "submitted": Text(
        "Hồ sơ đang chờ cơ quan BHXH xử lý. Bạn không cần làm gì.", "The dossier waits for the agency. Nothing to do."
    ),
    "resubmitted": Text(
        "Hồ sơ đã sửa đang chờ cơ quan BHXH xử lý. Bạn không cần làm gì.",
        "The corrected dossier waits for the agency. Nothing to do.",
    ),
    "checking": Text(
        "Cơ quan BHXH đang kiểm tra hồ sơ. Bạn không cần làm gì.", "The agency is checking the dossier. Nothing to do."
    ),
    "rejected": Text(
        "Hồ sơ chưa hợp lệ. Hãy xem lý do trong tin nhắn, sửa tờ khai và gửi lại.",
        "The dossier was not accepted. See the reasons in the message, correct the declaration and send it again.",
    ),
    "valid": Text(
        "Hồ sơ hợp lệ. Hãy kích hoạt tài khoản theo tin nhắn đã nhận.",
        "The dossier is valid. Activate the account as the message says.",
    ),
    "withdrawn": Text(
        "Hồ sơ đã được rút. Có thể gửi tờ khai mới.", "The dossier was withdrawn. A new one can be sent."
    ),
}


class DossierQuestion(BaseModel):
    """`phone` is the one in the declaration: who asks by a number alone could go through all of them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    dossier_number: Annotated[str, Field(pattern=r"^[0-9]{5}/[0-9]{4}/[0-9]{5}$")]
    phone: Entry


class ToDo(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    vi: str
    en: str


class DossierSeen(BaseModel):
    """`due_at` is there while the agency owes an answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    status: DeclarantStatus
    due_at: datetime | None
    to_do: ToDo


class DossierFound(BaseModel):
    """A number nobody has, and one with another phone, read alike: `null`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    dossier: DossierSeen | None


def dossier_routes(*, human_check: HumanCheck, look_up: DossierLookUp, pace: EvenPace) -> APIRouter:
    router = APIRouter(prefix="/v1/public", tags=["look-ups"])

    @router.post("/dossiers")
    async def find_dossier(
        body: DossierQuestion, _caller: AnyCaller, address: ClientAddress, proof: HumanProof = None
    ) -> DossierFound:
        """Return how far the dossier with this number is, if it was declared with this phone."""
        phone = _phone(body)
        await human_check.admit(proof)
        async with pace.kept():
            found = await look_up.find(body.dossier_number, phone, address=address)
            return DossierFound(dossier=None if found is None else _seen(found))

    return router


def _phone(body: DossierQuestion) -> str:
    checks = Checks()
    phone = checks.value("phone", body.phone, mobile_phone)
    checks.close()
    return phone or ""


def _seen(overview: DeclarantOverview) -> DossierSeen:
    to_do = _TO_DO[overview.status]
    return DossierSeen(status=overview.status, due_at=overview.due_at, to_do=ToDo(vi=to_do.vi, en=to_do.en))
