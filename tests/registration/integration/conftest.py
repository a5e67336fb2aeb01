import pytest

from tests.registration.service import Service


@pytest.fixture
def service() -> Service:
    return Service()
