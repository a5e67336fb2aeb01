"""Merges the services' OpenAPI documents into the one a client of the gateway can rely on (GW-19).

Pure: documents in, document out. Only operations that the routing table has appear, under their public paths.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from gateway.routing import METHODS, Route

Json = dict[str, Any]

_REFERENCE = re.compile(r"#/components/(?P<kind>[^/]+)/(?P<name>[^/]+)")
_PARAMETER = re.compile(r"\{[^}]*\}")
_INTERNAL_HEADERS = frozenset({"internal-assertion", "x-request-id", "x-forwarded-for"})
_SECURITY: Json = {
    "session": {"type": "http", "scheme": "bearer", "description": "A session token: sit_ and 43 characters."},
    "session_cookie": {"type": "apiKey", "in": "cookie", "name": "__Host-session"},
}
_SESSION_NEEDED: list[Json] = [{"session": []}, {"session_cookie": []}]


@dataclass(frozen=True, slots=True)
class Differences:
    """What one side has and the other has not, as `METHOD /api/service/path`; parameters' names do not count."""

    routes_without_operation: frozenset[str]
    operations_without_route: frozenset[str]


def merge(documents: Mapping[str, Json], routes: Iterable[Route], *, title: str, version: str) -> Json:
    """Return one document. A component whose name two services use differently carries the later service's name."""
    components: Json = {}
    paths: Json = {}
    for service in sorted(documents):
        document = documents[service]
        own = [route for route in routes if route.service == service]
        operations = list(_public_operations(document, own))
        renames = _add_components(components, document, _referenced(operations, document), service)
        for route_path, method, operation in operations:
            paths.setdefault(route_path, {})[method] = _renamed(operation, renames)
    components["securitySchemes"] = _SECURITY
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version},
        "paths": dict(sorted(paths.items())),
        "components": components,
    }


def differences(documents: Mapping[str, Json], routes: Iterable[Route]) -> Differences:
    """Compare the table with what the services say they offer."""
    routed = {_shape(route.method, route.public_path) for route in routes}
    offered = {
        _shape(method.upper(), f"/api/{service}{path}")
        for service, document in documents.items()
        for path, item in document.get("paths", {}).items()
        for method in item
        if method.upper() in METHODS and path.startswith("/v1/")
    }
    return Differences(frozenset(routed - offered), frozenset(offered - routed))


def _shape(method: str, path: str) -> str:
    return f"{method} {_PARAMETER.sub('{}', path)}"


def _public_operations(document: Json, routes: list[Route]) -> Iterable[tuple[str, str, Json]]:
    by_shape = {_shape(route.method, route.path): route for route in routes}
    for path, item in document.get("paths", {}).items():
        for method, operation in item.items():
            route = by_shape.get(_shape(method.upper(), path))
            if route is not None:
                yield f"/api/{route.service}{path}", method, _public_operation(operation, route)


def _public_operation(operation: Json, route: Route) -> Json:
    public = {name: value for name, value in operation.items() if name not in {"security", "parameters"}}
    parameters = [
        parameter
        for parameter in operation.get("parameters", [])
        if parameter.get("in") != "header" or parameter.get("name", "").lower() not in _INTERNAL_HEADERS
    ]
    if parameters:
        public["parameters"] = parameters
    if "operationId" in public:
        public["operationId"] = f"{route.service}_{public['operationId']}"
    public["tags"] = [route.service]
    public["security"] = _SESSION_NEEDED if route.needs_session else []
    return public


def _referenced(operations: list[tuple[str, str, Json]], document: Json) -> set[tuple[str, str]]:
    """Return the components the operations need, and those that these need in turn."""
    wanted = _references([operation for _, _, operation in operations])
    found: set[tuple[str, str]] = set()
    while wanted:
        kind, name = wanted.pop()
        found.add((kind, name))
        wanted |= _references(document["components"][kind][name]) - found
    return found


def _references(part: object) -> set[tuple[str, str]]:
    if isinstance(part, dict):
        inner = {reference for value in part.values() for reference in _references(value)}
        match = _REFERENCE.fullmatch(str(part.get("$ref", "")))
        return inner | {(match["kind"], match["name"])} if match else inner
    if isinstance(part, list):
        return {reference for value in part for reference in _references(value)}
    return set()


def _add_components(components: Json, document: Json, wanted: set[tuple[str, str]], service: str) -> dict[str, str]:
    """Add what is wanted; return the new reference of each component that had to take another name."""
    renames = {
        f"#/components/{kind}/{name}": f"#/components/{kind}/{service.capitalize()}{name}"
        for kind, name in wanted
        if components.get(kind, {}).get(name, document["components"][kind][name]) != document["components"][kind][name]
    }
    for kind, name in sorted(wanted):
        new_name = renames.get(f"#/components/{kind}/{name}", name).rsplit("/", 1)[-1]
        components.setdefault(kind, {})[new_name] = _renamed(document["components"][kind][name], renames)
    return renames


def _renamed(part: Any, renames: Mapping[str, str]) -> Any:  # noqa: ANN401 - any JSON value
    """Return the JSON value with every reference to a renamed component following it."""
    if isinstance(part, dict):
        return {
            name: renames.get(value, value) if name == "$ref" else _renamed(value, renames)
            for name, value in part.items()
        }
    if isinstance(part, list):
        return [_renamed(value, renames) for value in part]
    return part
