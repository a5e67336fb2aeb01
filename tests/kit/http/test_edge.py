import asyncio
from collections.abc import Iterator

import pytest
import structlog
from ansinh_kit.errors import UnavailableError
from ansinh_kit.http.health import NotReadyError, Readiness, ready_when
from ansinh_kit.testing.asgi_client import AsgiClient
from ansinh_kit.testing.callers import a_guest
from starlette.types import Message, Receive, Scope, Send
from structlog.testing import LogCapture

from tests.kit.http.edge_app import Service


@pytest.fixture
def lines() -> Iterator[LogCapture]:
    capture = LogCapture()
    before = structlog.get_config()["processors"]
    structlog.configure(processors=[structlog.contextvars.merge_contextvars, capture])
    yield capture
    structlog.configure(processors=before)


async def up() -> None: ...


async def down() -> None:
    raise UnavailableError("mongodb")


async def away() -> None:
    raise NotReadyError("no connection to the broker")


async def stuck() -> None:
    await asyncio.Event().wait()


async def test_a_live_process_says_so_whatever_its_checks_say(service: Service) -> None:
    service.readiness.add("mongodb", down)
    assert (await service.client.request("GET", "/health/live")).status == 200


async def test_readiness_names_every_check_and_what_is_wrong(service: Service) -> None:
    service.readiness.add("mongodb", down)
    service.readiness.add("broker", away)
    service.readiness.add("projector", up)
    answer = await service.client.request("GET", "/health/ready")
    assert answer.status == 503
    assert answer.json() == {
        "status": "unready",
        "checks": {"mongodb": "mongodb is unavailable", "broker": "no connection to the broker", "projector": "ok"},
    }


async def test_a_process_whose_checks_hold_is_ready(service: Service) -> None:
    service.readiness.add("mongodb", up)
    answer = await service.client.request("GET", "/health/ready")
    assert (answer.status, answer.json()) == (200, {"status": "ready", "checks": {"mongodb": "ok"}})


async def test_a_check_that_hangs_is_a_failed_check() -> None:
    readiness = Readiness()
    readiness.add("mongodb", stuck)
    assert await readiness.failures() == {"mongodb": "no answer within 2 s"}


async def test_a_draining_process_is_unready_whatever_its_checks_say(service: Service) -> None:
    service.readiness.add("mongodb", up)
    service.readiness.drain()
    assert (await service.client.request("GET", "/health/ready")).status == 503


async def test_a_check_can_follow_a_condition() -> None:
    connected = False
    readiness = Readiness()
    readiness.add("broker", ready_when(lambda: connected, otherwise="no connection"))
    assert await readiness.failures() == {"broker": "no connection"}
    connected = True
    assert await readiness.failures() == {}


async def test_until_the_process_has_started_its_routes_answer_503(service: Service) -> None:
    service.readiness.starting()
    waiting = await service.client.request("GET", "/v1/forms", caller=a_guest())
    assert (waiting.status, waiting.json()["code"]) == (503, "unavailable")
    assert waiting.headers["retry-after"] == "2"
    assert (await service.client.request("GET", "/health/ready")).status == 503
    assert (await service.client.request("GET", "/health/live")).status == 200
    service.readiness.has_started()
    assert (await service.client.request("GET", "/v1/forms", caller=a_guest())).status == 200


@pytest.mark.sec("PII-04")
async def test_metrics_know_routes_and_not_what_was_filled_in(service: Service) -> None:
    await service.client.request("POST", "/v1/forms/0912345678", caller=a_guest(), json_body={"phone": "0912345678"})
    await service.client.request("GET", "/v1/0912345678", caller=a_guest())
    await service.client.request("HACK0912345678", "/v1/forms", caller=a_guest())
    text = (await service.client.request("GET", "/metrics")).body.decode()
    assert 'http_request_duration_seconds_count{method="POST",route="/v1/forms/{form_id}",status="201"} 1.0' in text
    assert 'http_request_duration_seconds_count{method="GET",route="unmatched",status="404"} 1.0' in text
    assert "0912345678" not in text


async def test_requests_in_flight_come_back_to_none(service: Service) -> None:
    for path in ("/v1/forms", "/v1/errors/unexpected", "/v1/nowhere"):
        await service.client.request("GET", path, caller=a_guest())
    await service.client.request("GET", "/v1/forms")
    assert service.metrics.registry.get_sample_value("http_requests_in_flight") == 0


@pytest.mark.sec("SEC-65")
async def test_a_request_is_one_line_with_its_route_and_id(client: AsgiClient, lines: LogCapture) -> None:
    await client.request("POST", "/v1/forms/secret-1?code=123456", caller=a_guest(), json_body={"phone": "0912345678"})
    (line,) = lines.entries
    assert line["event"] == "http_request"
    assert (line["route"], line["status"], line["request_id"]) == ("/v1/forms/{form_id}", 201, "request-1")
    assert "123456" not in str(line)
    assert "secret-1" not in str(line)


@pytest.mark.sec("SEC-65")
async def test_a_refused_caller_is_logged_with_the_reason(client: AsgiClient, lines: LogCapture) -> None:
    await client.request("GET", "/v1/forms", headers={"Internal-Assertion": "a.b.c"})
    assert [line["event"] for line in lines.entries] == ["caller_not_identified", "http_request"]
    assert lines.entries[0]["reason"].startswith("assertion refused")


async def test_what_orchestrators_ask_every_second_is_not_logged(client: AsgiClient, lines: LogCapture) -> None:
    for path in ("/health/live", "/health/ready", "/metrics"):
        await client.request("GET", path)
    assert lines.entries == []


@pytest.mark.sec("SEC-66")
async def test_an_error_of_any_layer_ends_in_a_problem_and_a_line(service: Service, lines: LogCapture) -> None:
    async def broken(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise RuntimeError("Nguyen Van A")

    service.app.router.default = broken
    answer = await service.client.request("GET", "/v1/nowhere", caller=a_guest())
    assert (answer.status, answer.json()["code"]) == (500, "unexpected")
    assert [line["event"] for line in lines.entries] == ["unexpected_error", "http_request"]


async def test_an_error_after_half_an_answer_is_not_hidden(service: Service) -> None:
    async def half(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError("the connection must be closed")

    service.app.router.default = half
    with pytest.raises(RuntimeError):
        await service.client.request("GET", "/v1/nowhere", caller=a_guest())


async def test_a_client_that_goes_away_while_sending_is_not_an_error(service: Service, lines: LogCapture) -> None:
    messages: list[Message] = [{"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"}]
    sent: list[Message] = []

    async def receive() -> Message:
        return messages.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    async def leaving(scope: Scope, _receive: Receive, _send: Send) -> None:
        await service.app(scope, receive, send)
        # The client object wants an answer; the app rightly gave none.
        await _send({"type": "http.response.start", "status": 299, "headers": []})

    client = AsgiClient(leaving, issuer=service.issuer(), audience="registration")
    await client.request("POST", "/v1/forms/1", caller=a_guest(), headers={"Content-Type": "application/json"})
    assert sent == []
    assert [line["status"] for line in lines.entries] == [499]


async def test_the_schema_is_there_and_interactive_documentation_is_not(client: AsgiClient) -> None:
    assert (await client.request("GET", "/openapi.json")).json()["info"]["title"] == "Edge"
    for path in ("/docs", "/redoc"):
        assert (await client.request("GET", path, caller=a_guest())).status == 404
