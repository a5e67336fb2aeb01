"""The route that answered, without what the caller filled in: the only path that logs and metrics may show."""

from typing import Final

from starlette.types import Scope

UNMATCHED: Final = "unmatched"


def route_template(scope: Scope) -> str:
    """Return `/v1/declarations/{declaration_id}` for the request just routed; `unmatched` if no route took it.

    FastAPI's route knows its path without the prefixes of the routers around it, so the template is made from the
    path itself, last segment first: parameters stand at the end.
    """
    route = scope.get("route")
    if route is None:
        return UNMATCHED
    segments = str(scope["path"]).split("/")
    for name, value in reversed(list(scope.get("path_params", {}).items())):
        if str(value) not in segments:
            return str(getattr(route, "path", UNMATCHED))
        last = len(segments) - 1 - segments[::-1].index(str(value))
        segments[last] = "{" + name + "}"
    return "/".join(segments)
