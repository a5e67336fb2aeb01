"""A small service with one route of each kind, to meet every layer of the edge."""

from dataclasses import dataclass, field
from typing import Annotated, Any

from ansinh_kit.errors import (
    ConcurrencyConflictError,
    FieldViolation,
    ForbiddenError,
    InvalidFieldsError,
    NotFoundError,
    RefusedError,
    SlowDownError,
    UnavailableError,
)
from ansinh_kit.http.app import create_app
from ansinh_kit.http.assertion import AssertionIssuer, Caller
from ansinh_kit.http.bilingual import Bilingual
from ansinh_kit.http.body_limits import read_body
from ansinh_kit.http.callers import AnyCaller, CitizenCaller, ServiceCaller, require_staff
from ansinh_kit.http.health import Readiness
from ansinh_kit.http.idempotency import CommitId
from ansinh_kit.http.problems import Answer, ErrorTable
from ansinh_kit.http.request_context import current_request
from ansinh_kit.http.rules import RuleText, RuleTexts
from ansinh_kit.http.versions import ExpectedVersion, RequiredVersion, etag
from ansinh_kit.key_list import KeyList, NamedKey
from ansinh_kit.observability.metrics import Metrics
from ansinh_kit.personal_data.blind_index import BlindIndex
from ansinh_kit.testing.asgi_client import AsgiClient
from ansinh_kit.testing.clock import CountingIds, FixedClock
from ansinh_kit.testing.edge import in_memory_edge
from fastapi import APIRouter, Depends, FastAPI, Request, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

SERVICE = "registration"
KEYS = KeyList((NamedKey("2026", b"n" * 32),))
BLIND_INDEX = BlindIndex(KeyList((NamedKey("index", b"i" * 32),)))
PHOTO_LIMIT_BYTES = 1_000


def _mobile_phone(value: str) -> str:
    if not value.startswith("09"):
        raise PydanticCustomError("mobile_phone", "not a mobile phone", {"example": "09…"})
    return value


class Form(BaseModel):
    model_config = ConfigDict(extra="forbid")

    phone: Annotated[str, AfterValidator(_mobile_phone)]
    name: str = Field("Hue", min_length=2, max_length=10)
    reasons: list[str] = Field(default_factory=list, max_length=3)


class SeatTakenError(RefusedError):
    code = "seat_taken"

    def __init__(self, seat: int) -> None:
        super().__init__(f"seat {seat}")
        self.seat = seat
        self.status = "not the status of the answer"
        self._owner = "Nguyen Van A"


class SeatGoneError(SeatTakenError):
    code = "seat_gone"


ERRORS: dict[str, Exception] = {
    "not_found": NotFoundError(),
    "refused": RefusedError(),
    "forbidden": ForbiddenError(),
    "conflict": ConcurrencyConflictError("declaration-1", 3),
    "slow_down": SlowDownError(retry_after_seconds=30),
    "invalid": InvalidFieldsError([FieldViolation("agency_code", "too_long", {"max_length": 4})]),
    "unavailable": UnavailableError("mongodb", retry_after_seconds=7),
    "unexpected": ValueError("Nguyen Van A, 0912345678"),
    "seat_taken": SeatTakenError(4),
    "seat_gone": SeatGoneError(5),
}

router = APIRouter(prefix="/v1")


@router.post("/forms/{form_id}", status_code=201)
async def put_form(form_id: str, form: Form, caller: AnyCaller) -> dict[str, Any]:
    return {"form_id": form_id, "kind": caller.kind, "name": form.name}


@router.get("/forms")
async def list_forms(page_size: Annotated[int, Field(ge=1, le=100)] = 20) -> dict[str, int]:
    return {"page_size": page_size}


@router.put("/forms/{form_id}/photo")
async def put_photo(form_id: str, request: Request) -> dict[str, Any]:
    return {"form_id": form_id, "bytes": len(await read_body(request, limit_bytes=PHOTO_LIMIT_BYTES))}


@router.put("/uploads")
async def put_upload(request: Request) -> dict[str, int]:
    return {"bytes": sum([len(chunk) async for chunk in request.stream()])}


@router.get("/errors/{name}")
async def raise_error(name: str) -> None:
    raise ERRORS[name]


@router.get("/citizen")
async def citizen_only(caller: CitizenCaller) -> str | None:
    return caller.account_id


@router.get("/officer")
async def officer_only(caller: Annotated[Caller, Depends(require_staff("officer", "supervisor"))]) -> str | None:
    return caller.account_id


@router.get("/internal")
async def service_only(caller: ServiceCaller) -> str | None:
    return caller.account_id


@router.get("/context")
async def context(response: Response) -> dict[str, str | None]:
    current = current_request()
    assert current is not None
    response.headers["ETag"] = etag(7)
    return {"request_id": current.request_id, "traceparent": current.traceparent}


@router.put("/versions/optional")
async def optional_version(version: ExpectedVersion) -> int | None:
    return version


@router.put("/versions/required")
async def required_version(version: RequiredVersion) -> int:
    return version


@router.post("/commits/{resource_id}")
async def commit(resource_id: str, commit_id: CommitId) -> dict[str, str]:
    return {"resource_id": resource_id, "commit_id": commit_id}


@router.post("/other-commits/{resource_id}")
async def other_commit(resource_id: str, commit_id: CommitId) -> dict[str, str]:
    return {"resource_id": resource_id, "commit_id": commit_id}


@dataclass
class Service:
    """The app and everything a test may want to turn."""

    clock: FixedClock = field(default_factory=FixedClock)
    readiness: Readiness = field(default_factory=Readiness)
    metrics: Metrics = field(default_factory=lambda: Metrics(SERVICE))
    app: FastAPI = field(init=False)
    client: AsgiClient = field(init=False)

    def __post_init__(self) -> None:
        self.app = create_app(
            in_memory_edge(
                SERVICE,
                keys=KEYS,
                clock=self.clock,
                ids=CountingIds(),
                metrics=self.metrics,
                readiness=self.readiness,
            ),
            title="Edge",
            version="1",
            errors=ErrorTable(
                {SeatTakenError: Answer(409, "Seat taken", Bilingual("Chỗ này đã có người.", "This seat is taken."))}
            ),
            rules=RuleTexts(
                {
                    "mobile_phone": RuleText(
                        Bilingual("Số điện thoại di động không đúng.", "This is not a mobile phone number."),
                        Bilingual("Ví dụ {example}.", "For example {example}."),
                    )
                }
            ),
            upload_limit_bytes=2_000_000,
            public_paths=["/v1/public"],
        )
        self.app.include_router(router)
        self.client = AsgiClient(self.app, issuer=self.issuer(), audience=SERVICE)

    def issuer(self, keys: KeyList = KEYS) -> AssertionIssuer:
        return AssertionIssuer(keys, clock=self.clock)
