"""What the gateway lets through to this service, and what the service answers, are the same list."""

import re

from gateway.routes import ROUTES

from tests.records.service import Service

_PARAMETER = re.compile(r"\{[^}]+\}")


def test_the_gateway_knows_every_route_of_the_service_and_no_other() -> None:
    paths = Service().app.openapi()["paths"]
    answered = {(method.upper(), _bare(path)) for path, methods in paths.items() for method in methods}
    published = {(route.method, _bare(route.path)) for route in ROUTES if route.service == "records"}

    assert {route for route in answered if route[1].startswith("/v1/")} == published


def _bare(path: str) -> str:
    return _PARAMETER.sub("{}", path)
