"""A service judges the person a request is for; another service's name opens nothing that is a person's (SEC-62)."""

import re
from typing import Final

import pytest
from ansinh_kit.testing.callers import a_citizen, a_service, an_integrator, an_officer
from gateway.routes import ROUTES
from gateway.routing import Route

from tests.surface.published import SERVICES, published

CLOSED: Final = [route for route in ROUTES if route.needs_session and route.service in SERVICES]
PLACES: Final = {"{kind}": "social", "{tab}": "monthly", "{year}": "2024", "{file}": "book.json", "{side}": "old"}


def _path(route: Route) -> str:
    return re.sub(r"\{[^}]+\}", lambda found: PLACES.get(found[0], "0" * 32), route.path)


@pytest.mark.sec("SEC-62")
@pytest.mark.parametrize("route", CLOSED, ids=lambda route: f"{route.service} {route.method} {route.path}")
async def test_no_service_may_do_what_a_person_may(route: Route) -> None:
    for name in ("gateway", *SERVICES):
        body: dict[str, str] | None = {} if route.method in ("POST", "PUT") else None
        answer = await published(route.service).client.request(
            route.method, _path(route), caller=a_service(name=name), json_body=body
        )
        assert answer.status in (401, 403), (name, answer.body)


@pytest.mark.sec("SEC-62")
@pytest.mark.parametrize("path", ["/internal/sessions/check", "/internal/sessions/news"])
async def test_what_services_ask_each_other_is_asked_by_no_person(path: str) -> None:
    for caller in (a_citizen(), an_officer(roles=("administrator",)), an_integrator(scopes=("profile", "secrets"))):
        answer = await published("auth").client.request("POST", path, caller=caller, json_body={})
        assert answer.status == 403, answer.body
