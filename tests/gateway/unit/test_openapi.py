from typing import Any

import pytest
from gateway.openapi import differences, merge
from gateway.routing import Route

GUEST = Route("registration", "POST", "/v1/declarations", frozenset({"guest"}), "small")
OFFICER = Route("registration", "GET", "/v1/officer/declarations/{declaration_id}", frozenset({"staff"}))
LOG_IN = Route("auth", "POST", "/v1/sessions", frozenset({"guest"}), "small")
ROUTES = (GUEST, OFFICER, LOG_IN)


def reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def operation(schema: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - OpenAPI
    return {
        "operationId": "do",
        "requestBody": {"content": {"application/json": {"schema": reference(schema)}}},
        "responses": {"201": {"description": "done"}},
        **more,
    }


def document(paths: dict[str, Any], **schemas: Any) -> dict[str, Any]:  # noqa: ANN401 - OpenAPI
    return {"openapi": "3.1.0", "paths": paths, "components": {"schemas": schemas}}


REGISTRATION = document(
    {
        "/v1/declarations": {"post": operation("Form")},
        "/v1/officer/declarations/{dossier}": {"get": operation("Form", security=[{"x": []}])},
        "/internal/x": {"post": operation("Secret")},
        "/v1/forgotten": {"get": operation("Secret")},
    },
    Form={"type": "object", "properties": {"part": reference("Part")}},
    Part={"type": "string"},
    Problem={"type": "object"},
    Secret={"type": "object"},
)
AUTH = document(
    {"/v1/sessions": {"post": operation("Form")}},
    Form={"type": "object", "properties": {"part": reference("Part"), "why": reference("Problem")}},
    Part={"type": "string"},
    Problem={"type": "object"},
)


def merged(**documents: dict[str, Any]) -> dict[str, Any]:
    return merge(documents, ROUTES, title="An Sinh Số", version="1")


@pytest.mark.sec("GW-19")
def test_only_routed_operations_appear_under_their_public_paths() -> None:
    paths = merged(registration=REGISTRATION, auth=AUTH)["paths"]
    assert {path: sorted(item) for path, item in paths.items()} == {
        "/api/auth/v1/sessions": ["post"],
        "/api/registration/v1/declarations": ["post"],
        "/api/registration/v1/officer/declarations/{dossier}": ["get"],
    }


def test_components_nobody_public_refers_to_stay_inside() -> None:
    assert set(merged(registration=REGISTRATION)["components"]["schemas"]) == {"Form", "Part"}


def test_a_name_two_services_use_differently_is_told_apart_and_followed() -> None:
    result = merged(registration=REGISTRATION, auth=AUTH)
    assert set(result["components"]["schemas"]) == {"Form", "Part", "Problem", "RegistrationForm"}
    registration = result["paths"]["/api/registration/v1/declarations"]["post"]
    assert registration["requestBody"]["content"]["application/json"]["schema"] == reference("RegistrationForm")
    log_in = result["paths"]["/api/auth/v1/sessions"]["post"]
    assert log_in["requestBody"]["content"]["application/json"]["schema"] == reference("Form")
    assert result["components"]["schemas"]["RegistrationForm"]["properties"] == {"part": reference("Part")}


def test_an_operation_says_who_may_call_it_and_not_how_services_know() -> None:
    leaky = operation("Form", parameters=[{"in": "header", "name": "Internal-Assertion"}, {"in": "query", "name": "q"}])
    paths = merged(
        registration=document(
            {"/v1/declarations": {"post": leaky}, "/v1/officer/declarations/{d}": {"get": leaky}}, Form={}
        )
    )["paths"]
    guest = paths["/api/registration/v1/declarations"]["post"]
    officer = paths["/api/registration/v1/officer/declarations/{d}"]["get"]
    assert guest["security"] == []
    assert officer["security"] == [{"session": []}, {"session_cookie": []}]
    assert [parameter["name"] for parameter in guest["parameters"]] == ["q"]
    assert guest["operationId"] == "registration_do"


def test_the_result_does_not_depend_on_the_order_of_the_services() -> None:
    assert merged(registration=REGISTRATION, auth=AUTH) == merged(auth=AUTH, registration=REGISTRATION)


@pytest.mark.sec("API-09")
@pytest.mark.sec("GW-19")
def test_differences_name_what_either_side_lacks() -> None:
    found = differences({"registration": REGISTRATION, "auth": AUTH}, ROUTES)
    assert found.operations_without_route == {"GET /api/registration/v1/forgotten"}
    assert found.routes_without_operation == frozenset()
    assert differences({"auth": AUTH}, ROUTES).routes_without_operation == {
        "POST /api/registration/v1/declarations",
        "GET /api/registration/v1/officer/declarations/{}",
    }
