"""Whose request it is, and what is kept of it (GW-22, GW-08, GW-15)."""

import asyncio
from pathlib import Path

import pytest

from tests.gateway.conftest import Edges, StartGateway
from tests.gateway.integration.edge_proxy.proxy import EdgeProxy, proxied
from tests.gateway.raw_client import request

AGENCIES = "/api/registration/v1/agencies"
ANOTHER = "127.0.0.2"
FORGED = (
    "X-Forwarded-For: 203.0.113.9",
    "X-Forwarded-For: 203.0.113.10, 127.0.0.1",
    "Forwarded: for=203.0.113.9",
    "X-Real-IP: 203.0.113.9",
    "X-Forwarded-Proto: http",
    "X-Forwarded-Host: evil.example",
)


async def ask_from(address: str, proxy: EdgeProxy) -> None:
    reader, writer = await asyncio.open_connection(
        "127.0.0.1", proxy.https_port, ssl=proxy.tls, server_hostname="localhost", local_addr=(address, 0)
    )
    writer.write(request("GET", AGENCIES, *FORGED))
    assert (await reader.read()).startswith(b"HTTP/1.1 200 ")
    writer.transport.abort()


@pytest.mark.sec("GW-22")
@pytest.mark.sec("GW-08")
async def test_an_address_a_client_made_up_does_not_get_through(proxy: EdgeProxy) -> None:
    await ask_from(ANOTHER, proxy)
    arrived = proxy.edges.service.last
    assert arrived.header("x-forwarded-for") == ANOTHER
    assert not [value for _, value in arrived.headers if "203.0.113" in value or "evil" in value]


@pytest.mark.sec("GW-08")
async def test_a_gateway_that_was_not_told_to_trust_the_proxy_does_not(
    start_gateway: StartGateway, tmp_path: Path
) -> None:
    async with start_gateway() as edges, proxied(edges, tmp_path) as proxy:
        await ask_from(ANOTHER, proxy)
        assert edges.service.last.header("x-forwarded-for") == "127.0.0.1"


@pytest.mark.sec("GW-22")
@pytest.mark.sec("GW-15")
async def test_the_log_leads_to_the_gateways_line_and_holds_nothing_of_the_client(
    edges: Edges, proxy: EdgeProxy
) -> None:
    headers = {"Authorization": f"Bearer sit_{'t' * 43}", "Referer": "https://x/secret", "User-Agent": "secret"}
    async with proxy.get(f"{AGENCIES}?number=secret", headers=headers) as response:
        assert response.status == 200
        request_id = response.headers["X-Request-Id"]
    async with proxy.get("/secret%2fpath?token=secret") as refused:
        assert refused.status == 400
    passed, stopped = await proxy.logged(2)
    assert (passed["request_id"], passed["status"], passed["gateway_status"]) == (request_id, 200, "200")
    assert edges.service.last.header("x-request-id") == request_id
    assert (stopped["status"], stopped["gateway_status"]) == (400, "")
    assert stopped["request_id"] == (refused.headers["X-Request-Id"])
    written = proxy.log_file.read_text(encoding="utf-8")
    for kept_out in ("secret", "sit_", "127.0.0.1", AGENCIES):
        assert kept_out not in written


@pytest.mark.sec("GW-13")
async def test_without_a_gateway_it_says_so_and_when_to_come_back(start_gateway: StartGateway, tmp_path: Path) -> None:
    async with start_gateway() as edges:
        gone = edges
    async with start_gateway() as alive, proxied(gone, tmp_path) as proxy:
        async with alive.http.get(proxy.url(f"{AGENCIES}?number=secret"), ssl=proxy.tls) as response:
            problem = await response.json(content_type="application/problem+json")
        assert (response.status, problem["code"], response.headers["Retry-After"]) == (503, "upstream_unavailable", "2")
        assert "secret" not in proxy.log_file.read_text(encoding="utf-8")
