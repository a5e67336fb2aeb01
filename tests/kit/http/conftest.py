import pytest
from ansinh_kit.testing.asgi_client import AsgiClient

from tests.kit.http.edge_app import Service


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
def client(service: Service) -> AsgiClient:
    return service.client
