"""The merged document: complete once the services have been seen, never emptied by one that is away."""

from typing import Any

import pytest

from tests.gateway.conftest import Edges
from tests.gateway.event_reader import EVENTS

AGENCIES = "/api/registration/v1/agencies"


def schema_of(*paths: str) -> dict[str, Any]:
    return {"openapi": "3.1.0", "paths": {path: {"get": {"operationId": "list", "responses": {}}} for path in paths}}


async def shown(edges: Edges) -> dict[str, Any]:
    async with edges.http.get(edges.url("/api/openapi.json")) as response:
        assert response.status == 200
        document: dict[str, Any] = await response.json()
        return document


async def test_before_any_service_was_seen_it_shows_the_gateways_own(edges: Edges) -> None:
    assert not await edges.gateway.openapi.refresh()
    document = await shown(edges)
    assert set(document["paths"]) == {EVENTS}
    assert document["info"]["version"]


@pytest.mark.sec("GW-19")
async def test_it_shows_what_the_services_say_and_only_what_is_routed(edges: Edges) -> None:
    edges.service.openapi = schema_of("/v1/agencies", "/internal/x", "/v1/forgotten")
    assert await edges.gateway.openapi.refresh()
    assert set((await shown(edges))["paths"]) == {EVENTS, AGENCIES}
    assert "GET /api/registration/v1/forgotten" in edges.gateway.openapi.differences.operations_without_route


async def test_a_service_that_is_away_keeps_its_place_and_one_that_returns_is_shown_anew(edges: Edges) -> None:
    edges.service.openapi = schema_of("/v1/agencies")
    await edges.gateway.openapi.refresh()
    edges.service.openapi = None
    assert not await edges.gateway.openapi.refresh()
    assert set((await shown(edges))["paths"]) == {EVENTS, AGENCIES}
    edges.service.openapi = schema_of("/v1/agencies", "/v1/units")
    assert await edges.gateway.openapi.refresh()
    assert set((await shown(edges))["paths"]) == {EVENTS, AGENCIES, "/api/registration/v1/units"}


@pytest.mark.parametrize("method", ["POST", "DELETE"])
async def test_the_gateways_own_pages_can_only_be_read(edges: Edges, method: str) -> None:
    async with edges.http.request(method, edges.url("/api/openapi.json")) as response:
        assert response.status == 405
        assert response.headers["Allow"] == "GET"
