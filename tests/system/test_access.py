"""Who may do what to whose: every published operation, asked by everyone it is not for."""

import json
import secrets
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from ansinh_kit.clock import SystemClock
from ansinh_kit.http.assertion import HEADER, AssertionIssuer, Caller
from ansinh_kit.key_list import KeyList
from devtools.story.cast import Cast

from tests.plugins.system import RunningSystem
from tests.system import hostile
from tests.system.hostile import Operation

pytestmark = [pytest.mark.system, pytest.mark.slow]

SERVICES = ("auth", "registration", "notifications", "records")
JPEG_START = b"\xff\xd8\xff"
PERIOD: Mapping[str, object] = {
    "kind": "social",
    "from_month": "2020-01",
    "to_month": "2020-12",
    "employer_code": "TEST001",
    "employer_name": "Đơn vị Thử Nghiệm",
    "occupation": "Nhân viên",
    "value": "5000000",
}
BENEFIT: Mapping[str, str] = {"kind": "pension", "decision_number": "1/QĐ-BHXH", "from_date": "01/01/2020"}
# What the operations about records take, by the end of their paths; those not named here take nothing.
BODIES: Mapping[str, object] = {
    "/decision": {"decision": "valid"},
    "/contact": {"address": "Số 9, Phố Thử Nghiệm"},
    "/identity": {"full_name": "Trần Thị Thử"},
    "/numbers": {"numbers": {"social_insurance_number": "6600000001"}},
    "/agency": {"agency_code": "07901"},
    "/guardians": {"guardian_id": "1" * 32, "relation": "mother"},
    "/barred-staff": {"staff_id": "1" * 32},
    "/merge": {"duplicate_id": "1" * 32},
    "/periods": {"rows": [PERIOD]},
    "/corrections": PERIOD,
    "{benefit_id}/corrections": BENEFIT,
    "{card_id}/corrections": {},
    "{visit_id}/corrections": {},
    "/withdrawal": {"reason": "Ghi nhận nhầm người."},
    "{card_id}/withdrawal": {"withdrawn_on": "01/01/2024", "reason": "Ghi nhận nhầm người."},
    "/reinstatement": {"reason": "Thu hồi nhầm thẻ."},
    "/benefits": {"rows": [BENEFIT]},
    "/payments": {"rows": [BENEFIT]},
    "/stops": {"rows": [BENEFIT]},
    "/cards": {"rows": [{}]},
    "/visits": {"rows": [{}]},
    "/disputes": {"subject": "period", "words": "Thiếu thời gian tham gia năm 2020."},
}
# What stands in a path where no id does.
SEGMENTS: Mapping[str, str] = {"{kind}": "social", "{tab}": "monthly", "{year}": "2024", "{file}": "book.json"}


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def operations(system: RunningSystem, http: aiohttp.ClientSession) -> list[Operation]:
    async with http.get(f"{system.gateway_url}/api/openapi.json") as answer:
        return hostile.operations(await answer.json())


async def ask(
    http: aiohttp.ClientSession, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None
) -> tuple[int, str, dict[str, Any]]:
    """Return status, code and problem less what differs every time; a success has no code."""
    sent = {"Idempotency-Key": secrets.token_hex(16), "If-Match": '"7"', **headers}
    if body is not None:
        sent["Content-Type"] = "image/jpeg" if body == JPEG_START else "application/json"
    async with http.request(method, url, data=body, headers=sent) as answer:
        content = await answer.read()
        problem = json.loads(content) if answer.status >= 400 else {}
        problem.pop("request_id", None)
        return answer.status, str(problem.get("code")), problem


def body_for(operation: Operation) -> bytes | None:
    if operation.method in {"GET", "DELETE"}:
        return None
    if operation.path.endswith("/photos/{kind}"):
        return JPEG_START
    *_, before, last = operation.path.split("/")
    return json.dumps(BODIES.get(f"{before}/{last}", BODIES.get(f"/{last}", {}))).encode()


@pytest.mark.sec("API-05")
@pytest.mark.sec("SEC-60")
async def test_no_operation_opens_to_a_caller_of_the_wrong_kind(
    system: RunningSystem,
    cast: Cast,
    citizen: Mapping[str, str],
    http: aiohttp.ClientSession,
    operations: list[Operation],
) -> None:
    closed = [operation for operation in operations if operation.needs_session]
    assert len(closed) >= 9
    for operation in closed:
        url = f"{system.gateway_url}{operation.at(cast.declaration_id)}?purpose=audit"

        async def answered(headers: Mapping[str, str], asked: Operation = operation, at: str = url) -> tuple[int, str]:
            status, code, _ = await ask(http, asked.method, at, headers, body_for(asked))
            return status, code

        assert await answered({}) == (401, "session_required"), operation
        assert await answered({"Declaration-Token": cast.guest.headers["Declaration-Token"]}) == (
            401,
            "session_required",
        )
        assert await answered(cast.first_phone.headers) == (401, "session_replaced"), operation
        if "/officer/" in operation.path or "/staff/" in operation.path:
            assert await answered(citizen) == (403, "caller_not_allowed"), operation


@pytest.mark.sec("API-01")
@pytest.mark.sec("SEC-60")
async def test_anothers_declaration_is_as_absent_as_one_that_never_was(
    system: RunningSystem,
    cast: Cast,
    citizen: Mapping[str, str],
    http: aiohttp.ClientSession,
    operations: list[Operation],
) -> None:
    strangers: list[Mapping[str, str]] = [{}, citizen, {"Declaration-Token": "dct_" + "A" * 43}]
    strangers.append({"Declaration-Token": await _token_of_another_declaration(system, http)})
    for operation in (each for each in operations if "{declaration_id}" in each.path):
        for headers in [dict(cast.other_office.headers)] if "/officer/" in operation.path else strangers:
            answers = [
                await ask(http, operation.method, _url(system, operation, which), headers, body_for(operation))
                for which in (cast.declaration_id, "0" * 32)
            ]
            assert answers[0][0] == 404, (operation, answers)
            assert answers[0] == answers[1], operation


@pytest.mark.sec("API-01")
@pytest.mark.req("S-28")
async def test_anothers_record_is_as_absent_as_one_that_never_was(
    system: RunningSystem,
    cast: Cast,
    citizen: Mapping[str, str],
    http: aiohttp.ClientSession,
    operations: list[Operation],
) -> None:
    """Asked with bodies as they should be: a wrong one would be refused before anybody looks at whose it is."""
    asked = [each for each in operations if "{who}" in each.path or "{participant_id}" in each.path]
    assert len(asked) > 12
    for operation in asked:
        stranger = dict(cast.other_office.headers) if "{participant_id}" in operation.path else dict(citizen)
        answers = [
            await ask(http, operation.method, _record_url(system, operation, which), stranger, body_for(operation))
            for which in (cast.record.child_id, "0" * 32)
        ]
        assert answers[0][0] == 404, (operation, answers)
        assert answers[0] == answers[1], operation


@pytest.mark.sec("PII-10")
async def test_without_an_opening_an_officer_reads_no_part_of_a_record(
    system: RunningSystem, cast: Cast, http: aiohttp.ClientSession, operations: list[Operation]
) -> None:
    parts = [each for each in operations if "{who}" in each.path and each.method == "GET"]
    assert parts
    for operation in parts:
        url = _record_url(system, operation, cast.record.participant_id)
        status, code, _ = await ask(http, "GET", url, cast.office.headers)
        assert (status, code) in {(403, "opening_required"), (403, "caller_not_allowed")}, operation


@pytest.mark.sec("SEC-18")
@pytest.mark.sec("GW-19")
async def test_what_is_for_the_inside_has_no_address_outside(
    system: RunningSystem, cast: Cast, http: aiohttp.ClientSession
) -> None:
    inner = ("/internal/sessions/check", "/metrics", "/health/ready", "/openapi.json", "/docs", "/v1/internal")
    for path in (f"/api/{service}{path}" for service in SERVICES for path in inner):
        for method in ("GET", "POST"):
            status, code, _ = await ask(http, method, f"{system.gateway_url}{path}", cast.office.headers)
            assert (status, code) == (404, "route_unknown"), path


@pytest.mark.sec("SEC-40")
@pytest.mark.sec("SES-08")
async def test_round_the_gateway_nobody_comes_in_and_no_service_speaks_for_it(
    system: RunningSystem, cast: Cast, http: aiohttp.ClientSession
) -> None:
    officer = Caller(
        kind="staff", request_id="0" * 32, account_id="a", roles=("officer",), agency_code=cast.officer.agency_code
    )
    for service in SERVICES:
        for signer in SERVICES:
            forged = _issuer(system, signer).issue(officer, audience=service)
            headers = {HEADER: forged} if signer != service else dict(cast.office.headers)
            port = getattr(system.layout.ports, service)
            for path in ("/internal/sessions/check", "/v1/officer/queue", "/v1/me", "/nothing"):
                status, _, _ = await ask(http, "POST", f"http://127.0.0.1:{port}{path}", headers, b"{}")
                assert status == 401, (service, signer, path)


def _issuer(system: RunningSystem, service: str) -> AssertionIssuer:
    """Return what the service could make of the keys it was told, if it were taken over."""
    path = system.environment(service)[f"{service.upper()}_ASSERTION_KEYS_FILE"]
    return AssertionIssuer(KeyList.parse(Path(path).read_text(encoding="utf-8")), clock=SystemClock())


def _record_url(system: RunningSystem, operation: Operation, participant_id: str) -> str:
    named = operation.path.replace("{who}", participant_id).replace("{participant_id}", participant_id)
    path = "/".join(SEGMENTS.get(part, "0" * 32) if part.startswith("{") else part for part in named.split("/"))
    return f"{system.gateway_url}{path}"


def _url(system: RunningSystem, operation: Operation, declaration_id: str) -> str:
    path = operation.path.replace("{declaration_id}", declaration_id).replace("{kind}", "portrait")
    return f"{system.gateway_url}{path}?purpose=audit"


async def _token_of_another_declaration(system: RunningSystem, http: aiohttp.ClientSession) -> str:
    async with http.post(f"{system.gateway_url}/api/registration/v1/declarations", json={}) as answer:
        return str((await answer.json())["declaration_token"])
