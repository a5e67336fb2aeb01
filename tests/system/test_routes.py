"""The routing table, the merged OpenAPI and what the services really offer are one and the same."""

import aiohttp
import pytest
from devtools.servers.ports import LOOPBACK
from gateway.routes import ROUTES

from tests.eventually import eventually
from tests.plugins.system import RunningSystem


@pytest.mark.system
@pytest.mark.slow
@pytest.mark.sec("API-09")
@pytest.mark.sec("GW-19")
async def test_routes_documents_and_services_agree(system: RunningSystem) -> None:
    operations = f"http://{LOOPBACK}:{system.layout.ports.gateway_operations}"
    async with aiohttp.ClientSession() as http:

        async def merged_operations() -> int:
            async with http.get(f"{system.gateway_url}/api/openapi.json") as response:
                return sum(len(item) for item in (await response.json())["paths"].values())

        async def all_are_shown() -> bool:
            return await merged_operations() == len(ROUTES)

        await eventually(all_are_shown, 20.0, says="every route's operation in the merged document")
        async with http.get(f"{operations}/route-differences") as response:
            assert await response.json() == {"routes_without_operation": [], "operations_without_route": []}
