"""Every line of the routing table, asked by every kind of caller there is and by those that are none.

Made from the table itself, so a new line is asked as soon as it is there. The fake service behind answers 200 to
whatever arrives: an answer of 401, 403 or 503 is the gateway's own.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import get_args

import pytest
from ansinh_kit.http.assertion import AssertionVerifier
from gateway.routes import NEWS, ROUTES
from gateway.routing import METHODS, CallerKind, Route

from tests.gateway.conftest import Edges
from tests.gateway.fake_auth import Behaviour

pytestmark = [pytest.mark.sec("API-05"), pytest.mark.sec("SEC-60")]

KINDS: tuple[CallerKind, ...] = get_args(CallerKind)
WITH_SESSION = tuple(kind for kind in KINDS if kind != "guest")
CLOSED = tuple(route for route in ROUTES if route.needs_session)
# The gateway answers its own line itself, with a stream; its tests say to whom.
FORWARDED = tuple(route for route in CLOSED if route.service != NEWS)
OPEN = tuple(route for route in ROUTES if not route.needs_session)


@dataclass(frozen=True)
class Answered:
    status: int
    code: str | None
    arrived: int


def named(route: Route) -> str:
    return f"{route.method} {route.public_path}"


def path_of(route: Route) -> str:
    return "/".join("1" if part.startswith("{") else part for part in route.public_path.split("/"))


def new_token() -> str:
    return f"sit_{secrets.token_urlsafe(32)}"


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def ask(edges: Edges, method: str, path: str, headers: Mapping[str, str]) -> Answered:
    edges.service.arrived.clear()
    async with edges.http.request(method, edges.url(path), headers=headers) as response:
        body = await response.json(content_type=None)
    return Answered(response.status, body.get("code"), len(edges.service.arrived))


def nobodies(edges: Edges) -> dict[str, tuple[Mapping[str, str], str]]:
    """Return headers that are nobody's, each with the code they are to be refused with."""
    replaced, expired = new_token(), new_token()
    edges.auth.replace_session(replaced)
    edges.auth.knows(expired, state="expired")
    return {
        "nothing": ({}, "session_required"),
        "a made-up token": (bearer(new_token()), "session_required"),
        "an expired session": (bearer(expired), "session_required"),
        "a replaced session": (bearer(replaced), "session_replaced"),
        "another secret": (bearer(f"act_{secrets.token_urlsafe(32)}"), "session_required"),
        "an assertion of one's own": ({"Internal-Assertion": "eyJhbGciOiJub25lIn0.e30."}, "session_required"),
        "a user header": ({"X-User-Id": "account-1", "X-Forwarded-User": "account-1"}, "session_required"),
    }


@pytest.mark.sec("API-02")
@pytest.mark.parametrize("route", CLOSED, ids=named)
async def test_a_closed_route_answers_nobody_without_a_session(edges: Edges, route: Route) -> None:
    for name, (headers, code) in nobodies(edges).items():
        assert await ask(edges, route.method, path_of(route), headers) == Answered(401, code, 0), name


@pytest.mark.parametrize("route", FORWARDED, ids=named)
async def test_a_closed_route_opens_to_the_kinds_of_its_line_only(
    edges: Edges, verify: Callable[[str], AssertionVerifier], route: Route
) -> None:
    for kind in WITH_SESSION:
        token = new_token()
        edges.auth.open_session(token, kind=kind, scopes=[route.scope or "none"])
        answered = await ask(edges, route.method, path_of(route), bearer(token))
        if kind not in route.callers:
            assert answered == Answered(403, "caller_not_allowed", 0), kind
            continue
        assert (answered.status, answered.arrived) == (200, 1), kind
        assertion = edges.service.last.header("internal-assertion")
        assert verify(route.service).verify(assertion or "").kind == kind


@pytest.mark.parametrize("route", OPEN, ids=named)
async def test_an_open_route_takes_everybody_for_a_guest(
    edges: Edges, verify: Callable[[str], AssertionVerifier], route: Route
) -> None:
    token = new_token()
    edges.auth.open_session(token, kind="staff", roles=["administrator"])
    for headers in ({}, bearer(token), {"X-User-Id": "account-1"}):
        assert (await ask(edges, route.method, path_of(route), headers)).arrived == 1
        caller = verify(route.service).verify(edges.service.last.header("internal-assertion") or "")
        assert (caller.kind, caller.account_id, caller.roles) == ("guest", None, ())


@pytest.mark.sec("GW-05")
@pytest.mark.parametrize("route", ROUTES, ids=named)
async def test_a_method_that_has_no_line_of_its_own_is_refused(edges: Edges, route: Route) -> None:
    token = new_token()
    edges.auth.open_session(token, kind="staff")
    offered = {each.method for each in ROUTES if path_of(each) == path_of(route)}
    for method in (METHODS | {"OPTIONS", "TRACE"}) - offered:
        answered = await ask(edges, method, path_of(route), bearer(token))
        assert (answered.status, answered.arrived) == (405, 0), method


@pytest.mark.sec("SES-07")
@pytest.mark.parametrize("behaviour", ["fails", "silent_on_all"])
async def test_while_auth_does_not_say_no_closed_route_opens(edges: Edges, behaviour: Behaviour) -> None:
    token = new_token()
    edges.auth.open_session(token)
    edges.auth.behaviour = behaviour
    for route in CLOSED:
        answered = await ask(edges, route.method, path_of(route), bearer(token))
        assert answered == Answered(503, "session_check_unavailable", 0), named(route)


@pytest.mark.parametrize("route", ROUTES, ids=named)
async def test_beside_the_lines_of_the_table_there_is_nothing(edges: Edges, route: Route) -> None:
    token = new_token()
    edges.auth.open_session(token, kind="staff", roles=["administrator"])
    for path in (f"{path_of(route)}/1/2/3/4", path_of(route).replace("/v1/", "/v2/"), f"{path_of(route)}/"):
        answered = await ask(edges, route.method, path, bearer(token))
        assert (answered.status, answered.arrived) == (404, 0), path
