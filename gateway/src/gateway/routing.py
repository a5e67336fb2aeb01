"""The routing table: what is not in it does not exist (deny by default)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Literal

from gateway.refusals import Refusal

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
CallerKind = Literal["guest", "citizen", "staff", "integrator"]
BodyClass = Literal["none", "small", "upload", "bulk"]
TimeoutClass = Literal["normal", "upload"]

STREAMED: Final[frozenset[BodyClass]] = frozenset({"upload", "bulk"})
"""Bodies that are passed on while they come in."""

METHODS: frozenset[str] = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})
_PARAMETER = re.compile(r"[A-Za-z0-9._~-]{1,128}")


@dataclass(frozen=True, slots=True)
class Route:
    """One operation of one service, open to the kinds of callers named.

    `path` is the service's own (`/v1/declarations/{declaration_id}`); the public one puts `/api/<service>` before it.
    A route open to guests asks for no session, whoever calls.

    Attributes:
        scope: What an integrator's token has to be for; a route open to integrators names one.
        takes_client_secret: The service reads an `Authorization: Basic` itself; every other ends here.
    """

    service: str
    method: Method
    path: str
    callers: frozenset[CallerKind]
    body: BodyClass = "none"
    timeouts: TimeoutClass = "normal"
    scope: str | None = None
    takes_client_secret: bool = False

    def __post_init__(self) -> None:
        if ("integrator" in self.callers) != (self.scope is not None):
            raise ValueError(f"{self.path}: integrators call by a scope")

    @property
    def public_path(self) -> str:
        return f"/api/{self.service}{self.path}"

    @property
    def needs_session(self) -> bool:
        return "guest" not in self.callers


@dataclass(slots=True)
class _Node:
    children: dict[str, "_Node"] = field(default_factory=dict)
    parameter: "_Node | None" = None
    routes: dict[str, Route] = field(default_factory=dict)


class RouteTable:
    """Finds the route of a public path by its segments; the cost does not grow with the table."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self.routes = tuple(routes)
        self._root = _Node()
        for route in self.routes:
            self._add(route)

    def _add(self, route: Route) -> None:
        node = self._root
        for segment in route.public_path.split("/")[1:]:
            if segment.startswith("{"):
                node.parameter = node.parameter or _Node()
                node = node.parameter
            else:
                node = node.children.setdefault(segment, _Node())
        if node.routes.setdefault(route.method, route) is not route:
            raise ValueError(f"two routes for {route.method} {route.public_path}")

    def find(self, method: str, path: str) -> Route:
        """Return the one route for this method and public path.

        Raises:
            Refusal: 405 for a method outside the list or not offered here, 404 for a path that is not in the table.
        """
        if method not in METHODS:
            raise Refusal("method_not_allowed")
        node = _descend(self._root, path.split("/"), 1)
        if node is None:
            raise Refusal("route_unknown")
        route = node.routes.get(method)
        if route is None:
            allowed = ", ".join(sorted(node.routes)).encode()
            raise Refusal("method_not_allowed", headers=((b"allow", allowed),))
        return route


def _descend(node: _Node, segments: list[str], index: int) -> _Node | None:
    """Follow the segments; a literal one goes before a parameter, and a dead end is left again."""
    if index == len(segments):
        return node if node.routes else None
    segment = segments[index]
    child = node.children.get(segment)
    if child is not None and (found := _descend(child, segments, index + 1)) is not None:
        return found
    if node.parameter is not None and _PARAMETER.fullmatch(segment):
        return _descend(node.parameter, segments, index + 1)
    return None
