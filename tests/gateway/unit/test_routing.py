import pytest
from gateway.refusals import Refusal
from gateway.routes import ROUTES
from gateway.routing import METHODS, CallerKind, Method, Route, RouteTable

GUEST: frozenset[CallerKind] = frozenset({"guest"})


def route(method: Method, path: str) -> Route:
    return Route("auth", method, path, GUEST)


def test_every_route_of_the_table_is_found_by_its_own_path() -> None:
    table = RouteTable(ROUTES)
    for expected in ROUTES:
        path = "/".join("x-1" if part.startswith("{") else part for part in expected.public_path.split("/"))
        assert table.find(expected.method, path) is expected


@pytest.mark.sec("GW-19")
def test_no_route_leads_inside() -> None:
    for known in ROUTES:
        assert known.path.startswith("/v1/")
        assert not {"internal", "health", "metrics", "docs", "openapi.json"} & set(known.path.split("/"))


def test_a_route_for_guests_is_for_nobody_else() -> None:
    """A route open to guests asks for no session: one that also names citizens would not know them."""
    for known in ROUTES:
        assert known.callers == GUEST or "guest" not in known.callers


@pytest.mark.sec("LIM-24")
def test_only_photos_may_be_large() -> None:
    assert {known.path for known in ROUTES if known.body == "upload"} == {
        "/v1/declarations/{declaration_id}/photos/{kind}"
    }


def test_a_literal_segment_goes_before_a_parameter_and_falls_back_to_it() -> None:
    current, one, code = (
        route("GET", "/v1/sessions/current"),
        route("GET", "/v1/sessions/{session_id}"),
        route("GET", "/v1/sessions/{session_id}/code"),
    )
    table = RouteTable([current, one, code])
    assert table.find("GET", "/api/auth/v1/sessions/current") is current
    assert table.find("GET", "/api/auth/v1/sessions/other") is one
    assert table.find("GET", "/api/auth/v1/sessions/current/code") is code


@pytest.mark.parametrize("value", ["", "a:b", "a;b", "a,b", "a@b", "x" * 129])
def test_a_parameter_takes_only_what_an_id_can_be(value: str) -> None:
    table = RouteTable([route("GET", "/v1/sessions/{session_id}")])
    with pytest.raises(Refusal) as refused:
        table.find("GET", f"/api/auth/v1/sessions/{value}")
    assert refused.value.code == "route_unknown"


@pytest.mark.sec("GW-05")
def test_a_method_outside_the_list_is_refused_even_where_there_is_nothing() -> None:
    with pytest.raises(Refusal) as refused:
        RouteTable([]).find("TRACE", "/nowhere")
    assert refused.value.status == 405
    assert "TRACE" not in METHODS


def test_two_routes_for_one_operation_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="two routes"):
        RouteTable([route("GET", "/v1/x/{one_id}"), route("GET", "/v1/x/{other_id}")])


def test_a_route_open_to_integrators_names_their_scope() -> None:
    with pytest.raises(ValueError, match="scope"):
        Route("auth", "GET", "/v1/own", frozenset({"integrator"}))
    with pytest.raises(ValueError, match="scope"):
        Route("auth", "GET", "/v1/own", GUEST, scope="profile")
