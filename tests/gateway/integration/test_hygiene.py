"""What is not plainly one well-formed request is refused and the connection closed; no service sees any of it."""

import asyncio

import pytest

from tests.gateway.conftest import Edges, StartGateway
from tests.gateway.raw_client import exchange, request

AGENCIES = "/api/registration/v1/agencies"
DECLARATIONS = "/api/registration/v1/declarations"
NEXT = b"GET /api/registration/v1/units HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


def post(*headers: str, body: bytes) -> bytes:
    return f"POST {DECLARATIONS} HTTP/1.1\r\nHost: 127.0.0.1\r\n".encode() + _lines(headers) + b"\r\n" + body


def get(*headers: str) -> bytes:
    return f"GET {AGENCIES} HTTP/1.1\r\nHost: 127.0.0.1\r\n".encode() + _lines(headers) + b"\r\n"


def _lines(headers: tuple[str, ...]) -> bytes:
    return "".join(f"{header}\r\n" for header in headers).encode("latin-1")


@pytest.mark.sec("GW-06")
@pytest.mark.sec("SEC-17")
@pytest.mark.sec("API-08")
@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(post("Content-Length: 4", "Transfer-Encoding: chunked", body=b"0\r\n\r\n"), id="CL+TE"),
        pytest.param(post("Transfer-Encoding: chunked", "Content-Length: 4", body=b"0\r\n\r\n"), id="TE+CL"),
        pytest.param(post("Content-Length: 4", "Content-Length: 5", body=b"abcd"), id="two lengths"),
        pytest.param(post("Content-Length: 4", "Content-Length: 4", body=b"abcd"), id="the same length twice"),
        pytest.param(post("Content-Length: +4", body=b"abcd"), id="signed length"),
        pytest.param(post("Content-Length: 0x4", body=b"abcd"), id="hexadecimal length"),
        pytest.param(post("Content-Length: -1", body=b""), id="negative length"),
        pytest.param(post("Content-Length: 99999999999999999999999", body=b""), id="length beyond 64 bits"),
        pytest.param(post("Transfer-Encoding: gzip, chunked", body=b"0\r\n\r\n"), id="another coding"),
        pytest.param(post("Transfer-Encoding: xchunked", body=b"0\r\n\r\n"), id="unknown coding"),
        pytest.param(
            post("Transfer-Encoding: chunked", "Transfer-Encoding: chunked", body=b"0\r\n\r\n"), id="TE twice"
        ),
        pytest.param(post("Transfer-Encoding: chunked", body=b"zz\r\nabc\r\n0\r\n\r\n"), id="bad chunk size"),
        pytest.param(post("Transfer-Encoding: chunked", body=b"3\r\nabcXX0\r\n\r\n"), id="bad chunk end"),
        pytest.param(post("Transfer-Encoding: chunked", body=b"-1\r\n\r\n"), id="negative chunk"),
        pytest.param(
            post("Transfer-Encoding: chunked", body=b"0\r\n\r\n").replace(b"HTTP/1.1", b"HTTP/1.0", 1),
            id="chunks in HTTP/1.0",
        ),
        pytest.param(get("Folded: one\r\n two"), id="folded header"),
        pytest.param(get("Space : before the colon"), id="space before colon"),
        pytest.param(get("Nul: a\0b"), id="NUL in a value"),
        pytest.param(get().replace(b"\r\n", b"\n"), id="bare line feeds"),
        pytest.param(get("Upgrade: h2c", "Connection: Upgrade"), id="upgrade"),
        pytest.param(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", id="TLS on a plain port"),
    ],
)
async def test_ambiguous_framing_is_answered_once_with_400_and_closed(edges: Edges, raw: bytes) -> None:
    answer = await exchange(edges.port, raw + NEXT)
    assert answer.statuses in ([400], [405])  # 405 if the first bytes already are no method
    assert answer.closed
    assert [arrived for arrived in edges.service.arrived if arrived.complete] == []


@pytest.mark.sec("GW-06")
async def test_what_follows_a_request_before_its_answer_is_not_a_request(edges: Edges) -> None:
    smuggled = post("Content-Length: 2", body=b"{}") + NEXT
    answer = await exchange(edges.port, smuggled)
    assert answer.statuses == [200]
    assert answer.closed
    assert [arrived.target for arrived in edges.service.arrived] == ["/v1/declarations"]


async def test_a_client_may_ask_again_the_moment_it_has_its_answer(edges: Edges) -> None:
    """Twenty connections, each asking as fast as it is answered: none is ended, whatever comes in between."""

    async def ask_on_one_connection() -> int:
        reader, writer = await asyncio.open_connection("127.0.0.1", edges.port)
        for _ in range(50):
            writer.write(get())
            await reader.readuntil(b'{"ok":true}')
        writer.transport.abort()
        return 50

    assert sum(await asyncio.gather(*(ask_on_one_connection() for _ in range(20)))) == 1000


@pytest.mark.sec("GW-06")
async def test_a_trailer_does_not_become_a_header(edges: Edges) -> None:
    trailers = b"2\r\n{}\r\n0\r\nDeclaration-Token: smuggled\r\nInternal-Assertion: smuggled\r\n\r\n"
    answer = await exchange(edges.port, post("Transfer-Encoding: chunked", "Connection: close", body=trailers))
    assert answer.status == 200
    assert edges.service.last.header("declaration-token") is None
    assert edges.service.last.header("internal-assertion") != "smuggled"


@pytest.mark.sec("GW-01")
@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(request("GET", AGENCIES, host=None), id="none"),
        pytest.param(request("GET", AGENCIES, "Host: 127.0.0.1"), id="two"),
        pytest.param(request("GET", AGENCIES, host="evil.example"), id="not ours"),
        pytest.param(request("GET", AGENCIES, host=""), id="empty"),
        pytest.param(request("GET", AGENCIES, host="127.0.0.1@evil.example"), id="user part"),
    ],
)
async def test_exactly_one_host_of_ours_is_accepted(edges: Edges, raw: bytes) -> None:
    answer = await exchange(edges.port, raw)
    assert answer.statuses == [400]
    assert b"host_invalid" in answer.raw
    assert edges.service.arrived == []


async def test_our_host_is_accepted_with_any_port_and_case(edges: Edges) -> None:
    answer = await exchange(edges.port, request("GET", AGENCIES, host="LocalHost:8080"))
    assert answer.status == 200


@pytest.mark.sec("GW-04")
@pytest.mark.parametrize(
    "target",
    [
        "/api/registration/v1/../internal/x",
        "/api/registration/v1/..",
        "/api/registration/v1/./agencies",
        "/api/registration//v1/agencies",
        "//evil.example/api/registration/v1/agencies",
        "/api/registration/v1/%2e%2e/internal",
        "/api/registration/v1%2fagencies",
        "/api/registration/v1/agencies%00",
        "/api/registration/v1%5cagencies",
        "/api/registration/v1\\agencies",
        "/api/registration/v1/%61gencies",
        "/api/registration/v1/agencies?a=%0",
        "/api/registration/v1/agencies#top",
        "http://127.0.0.1/api/registration/v1/agencies",
        "http://evil.example/api/registration/v1/agencies",
        "*",
        "api/registration/v1/agencies",
    ],
)
async def test_only_the_plain_form_of_a_target_is_accepted(edges: Edges, target: str) -> None:
    answer = await exchange(edges.port, request("GET", target))
    assert answer.statuses == [400]
    assert answer.closed
    assert edges.service.arrived == []


@pytest.mark.sec("GW-05")
@pytest.mark.sec("SEC-16")
@pytest.mark.sec("API-08")
@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "OPTIONS", "HEAD", "PROPFIND", "HACK", "get", "PURGE"])
async def test_a_method_outside_the_list_is_answered_405(edges: Edges, method: str) -> None:
    target = "evil.example:443" if method == "CONNECT" else AGENCIES
    answer = await exchange(edges.port, request(method, target))
    assert answer.statuses == [405]
    assert edges.service.arrived == []


@pytest.mark.sec("GW-03")
async def test_a_header_name_with_an_underscore_is_refused(edges: Edges) -> None:
    answer = await exchange(edges.port, request("GET", AGENCIES, "Internal_Assertion: forged"))
    assert answer.statuses == [400]
    assert edges.service.arrived == []


@pytest.mark.sec("LIM-24")
@pytest.mark.sec("GW-02")
class TestLimitsOfTheHead:
    async def test_64_headers_pass_and_65_do_not(self, edges: Edges) -> None:
        fillers = [f"X-Filler-{number}: x" for number in range(62)]
        assert (await exchange(edges.port, request("GET", AGENCIES, *fillers))).status == 200
        assert (await exchange(edges.port, request("GET", AGENCIES, *fillers, "One-More: x"))).statuses == [431]

    async def test_header_bytes_are_counted_to_the_last(self, edges: Edges) -> None:
        sent = sum(len(name) + len(value) + 4 for name, value in [("Connection", "close"), ("Host", "127.0.0.1")])
        filler = 16 * 1024 - sent - len("X-Filler") - 4
        exactly = request("GET", AGENCIES, "X-Filler: " + "x" * filler)
        assert (await exchange(edges.port, exactly)).status == 200
        one_more = request("GET", AGENCIES, "X-Filler: " + "x" * (filler + 1))
        assert (await exchange(edges.port, one_more)).statuses == [431]

    async def test_a_header_that_never_ends_is_cut_off(self, edges: Edges) -> None:
        endless = [b"x" * 8192] * 64
        start = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nEndless: "
        answer = await exchange(edges.port, start, *endless)
        assert answer.statuses == [431]
        assert answer.closed

    async def test_a_target_of_4_kib_passes_and_one_byte_more_does_not(self, edges: Edges) -> None:
        query = "?q=" + "x" * (4096 - len(AGENCIES) - 3)
        assert (await exchange(edges.port, request("GET", AGENCIES + query))).status == 200
        assert (await exchange(edges.port, request("GET", AGENCIES + query + "x"))).statuses == [414]


@pytest.mark.sec("LIM-26")
@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\nHost: 127"], ids=["nothing", "half a head"])
async def test_a_head_that_takes_too_long_ends_the_connection(start_gateway: StartGateway, sent: bytes) -> None:
    async with start_gateway(head_seconds=0.2) as edges:
        answer = await exchange(edges.port, sent)
        assert answer.closed
        assert answer.statuses == ([408] if sent else [])


@pytest.mark.sec("LIM-26")
async def test_a_body_that_pauses_too_long_is_answered_408(start_gateway: StartGateway) -> None:
    async with start_gateway(body_pause_seconds=0.2) as edges:
        answer = await exchange(edges.port, post("Content-Length: 10", body=b"{"))
        assert answer.statuses == [408]
        assert answer.closed
        assert edges.service.arrived == []


@pytest.mark.sec("LIM-26")
async def test_a_body_sent_drop_by_drop_ends_with_the_whole_time(start_gateway: StartGateway) -> None:
    async with start_gateway(body_pause_seconds=1.0, whole_seconds=0.4) as edges:
        reader, writer = await asyncio.open_connection("127.0.0.1", edges.port)
        writer.write(post("Content-Length: 100000", body=b"{"))
        received = b""
        while not received:
            writer.write(b" ")
            try:
                async with asyncio.timeout(0.1):
                    received = await reader.read(4096)
            except TimeoutError:
                continue
        assert received.startswith(b"HTTP/1.1 408")
        writer.transport.abort()


async def test_expect_100_continue_is_answered_before_the_body_comes(edges: Edges) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", edges.port)
    writer.write(post("Content-Length: 2", "Expect: 100-continue", "Connection: close", body=b""))
    assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 100 ")
    writer.write(b"{}")
    assert (await reader.read()).startswith(b"HTTP/1.1 200 ")
    writer.transport.abort()
