from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from devtools.servers.nginx import find_nginx

from tests.gateway.conftest import Edges, StartGateway
from tests.gateway.integration.edge_proxy.proxy import EdgeProxy, proxied


@pytest.fixture(autouse=True)
def _nginx_is_here() -> None:
    if find_nginx() is None:
        pytest.skip("no nginx on this machine: apt-get install nginx-light")


@pytest.fixture
async def edges(start_gateway: StartGateway) -> AsyncIterator[Edges]:
    """A gateway that is told whom to believe, and is itself in no hurry: whoever is cut, nginx has cut."""
    patience = {"head_seconds": 600, "body_pause_seconds": 600, "whole_seconds": 600, "upload_whole_seconds": 600}
    async with start_gateway(trusted_proxies="127.0.0.1", **patience) as started:
        yield started


@pytest.fixture
async def proxy(edges: Edges, tmp_path: Path) -> AsyncIterator[EdgeProxy]:
    async with proxied(edges, tmp_path) as started:
        yield started
