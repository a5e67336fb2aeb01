"""Whatever comes in through the gateway is answered as published: never a fault, never half a success (R-8)."""

import json
import random
import secrets
from collections.abc import AsyncIterator, Mapping
from typing import Any

import aiohttp
import pytest
from devtools.story.cast import Cast
from yarl import URL

from tests.eventually import eventually
from tests.plugins.system import RunningSystem
from tests.system import hostile
from tests.system.hostile import Operation

pytestmark = [pytest.mark.system, pytest.mark.slow]

JSON = {"Content-Type": "application/json"}
SEED = 20_261_122
DECLARATION_FORM = "/api/registration/v1/declarations/{declaration_id}"


class Client:
    def __init__(self, http: aiohttp.ClientSession, base: str) -> None:
        self._http = http
        self._base = base

    async def document(self) -> Any:  # noqa: ANN401 - OpenAPI
        async with self._http.get(f"{self._base}/api/openapi.json") as answer:
            return await answer.json()

    async def send(
        self, method: str, target: str, body: bytes | None = None, headers: Mapping[str, str] = JSON
    ) -> tuple[int, Any]:
        """Return status and body, after checking that a refusal is a problem document in both languages."""
        url = URL(f"{self._base}{target}", encoded=True)
        answered = await eventually(lambda: self._answer(method, url, body, headers), 60, says=f"an answer to {target}")
        assert answered is not None
        status, kind, content = answered
        assert status < 500, (method, target, body and body[:80], headers, content)
        if status < 300:
            return status, content
        problem = json.loads(content)
        if target.startswith(TOKENS) and kind == "application/json":
            return status, {"code": problem["error"], "message": problem["error_description"]}
        assert kind == "application/problem+json", (method, target, status, content)
        assert problem["status"] == status
        assert problem["code"]
        assert problem["message"].keys() == {"vi", "en"}
        return status, problem

    async def _answer(
        self, method: str, url: URL, body: bytes | None, headers: Mapping[str, str]
    ) -> tuple[int, str, bytes] | None:
        """Return status, content type and body; `None` if told to come again: that is no answer to what was sent."""
        async with self._http.request(method, url, data=body, headers=headers) as answer:
            content = await answer.read()
            again = answer.status in {429, 503} and "Retry-After" in answer.headers
            return None if again else (answer.status, answer.content_type, content)


NOT_FOUND = 404
# Refuses as RFC 6749 asks, for the libraries of integrators.
TOKENS = "/api/auth/v1/oauth/token"
# For administrators, and nobody of these casts is one: who asks is told apart before what they ask.
FOR_ADMINISTRATORS = "/api/auth/v1/staff/"
ROWS_BY_ID = frozenset(
    f"/api/records/v1/staff/participants/{{participant_id}}/{rows}/{{{row}_id}}/corrections"
    for rows, row in (("benefits", "benefit"), ("cards", "card"), ("visits", "visit"))
)


@pytest.fixture
async def client(system: RunningSystem) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession() as http:
        yield Client(http, system.gateway_url)


@pytest.fixture
async def every_operation(client: Client) -> list[Operation]:
    found = hostile.operations(await client.document())
    assert len(found) > 20
    return found


@pytest.mark.sec("SEC-01")
@pytest.mark.sec("SEC-07")
@pytest.mark.sec("SEC-13")
async def test_a_body_that_is_wrong_anywhere_is_refused_by_every_operation_that_takes_one(
    client: Client, every_operation: list[Operation]
) -> None:
    for operation in every_operation:
        if operation.schema is None:
            continue
        for name, body in hostile.RAW_BODIES.items():
            status, _ = await client.send(operation.method, operation.at("0" * 32), body)
            assert status in {400, 401, 403, 413, 415, 422}, (operation, name)


@pytest.mark.sec("SEC-01")
@pytest.mark.sec("SEC-10")
async def test_a_value_no_field_may_take_is_refused_with_field_and_rule_in_both_languages(
    client: Client, cast: Cast, citizen: Mapping[str, str]
) -> None:
    document = await client.document()
    declaration, guest = await _declaration(client)
    for operation in hostile.operations(document):
        if operation.schema is None:
            continue
        path = declaration if operation.path == DECLARATION_FORM else operation.at("0" * 32)
        caller = _headers_for(operation, guest, citizen, cast.office.headers)
        for bad in hostile.bad_fields(operation.schema, document):
            headers = {**JSON, "Idempotency-Key": secrets.token_hex(16), "If-Match": '"1"', **caller}
            status, problem = await client.send(operation.method, path, json.dumps(bad.body).encode(), headers)
            if (
                operation.path in ROWS_BY_ID
                and bad.name in hostile.TEXTS
                and problem["code"] == "participant_not_found"
            ):
                continue  # what a cell of a row says is looked at once it is known whose row it is
            if operation.path.startswith(FOR_ADMINISTRATORS) and problem["code"] == "caller_not_allowed":
                continue
            assert status == 422, (operation.path, bad.place, bad.name, problem["code"], str(problem)[:300])
            if problem["errors"][0]["field"] == "body":  # refused before any field was looked at: a name with `$`
                continue
            # A number without its kind is told at the kind: the field is the whole paper.
            asked = bad.place.partition(".")[0]
            told = [error for error in problem["errors"] if error["field"].partition(".")[0] == asked]
            # What a text says is looked at once the form is complete: then what is missing is told, and that only.
            incomplete = bad.name in hostile.TEXTS and {error["rule"] for error in problem["errors"]} == {"required"}
            assert told or incomplete, (operation.path, bad.place, bad.name, problem["errors"])
            assert all(error["rule"] and error["message"].keys() == {"vi", "en"} for error in problem["errors"])
    status, kept = await client.send("GET", declaration, headers=guest)
    assert status == 200
    form = json.loads(kept)["form"]
    assert not any(form.values()), "nothing of what was refused is kept"


@pytest.mark.sec("SEC-01")
@pytest.mark.sec("SEC-66")
async def test_odd_paths_queries_and_headers_are_refused_and_break_nothing(
    client: Client, every_operation: list[Operation]
) -> None:
    draw = random.Random(SEED)  # noqa: S311 - the same odd requests in every run
    queries = [*hostile.QUERIES, *hostile.MORE_QUERIES]
    for operation in every_operation:
        for segment in hostile.SEGMENTS:
            await client.send(operation.method, operation.at(segment), None, draw.choice(hostile.HEADERS))
        for headers in hostile.HEADERS:
            target = f"{operation.at('0' * 32)}?{draw.choice(queries)}"
            await client.send(operation.method, target, None if operation.method == "GET" else b"{}", headers)
        for query in queries:
            await client.send(operation.method, f"{operation.at('0' * 32)}?{query}")


@pytest.mark.sec("API-09")
async def test_every_operation_publishes_how_it_refuses(every_operation: list[Operation]) -> None:
    for operation in every_operation:
        # The gateway's own stream takes nothing that could break a rule.
        takes_nothing = operation.path.startswith("/api/news/")
        assert ({"default"} if takes_nothing else {"default", "422"}) <= operation.responses, operation


def _headers_for(
    operation: Operation, guest: Mapping[str, str], citizen: Mapping[str, str], officer: Mapping[str, str]
) -> Mapping[str, str]:
    """Return those of a caller whom the operation is for: only such a one learns what is wrong with a body."""
    if not operation.needs_session:
        return guest
    return officer if "/officer/" in operation.path or "/staff/" in operation.path else citizen


async def _declaration(client: Client) -> tuple[str, dict[str, str]]:
    """Start a draft; return its address and the headers that open it."""
    status, body = await client.send("POST", "/api/registration/v1/declarations", b"{}")
    assert status == 201
    started = json.loads(body)
    path = DECLARATION_FORM.format(declaration_id=started["declaration_id"])
    return path, {**JSON, "Declaration-Token": started["declaration_token"]}
