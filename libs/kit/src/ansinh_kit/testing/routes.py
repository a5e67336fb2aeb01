"""What an app runs in threads: looked for in every route and in all it depends on."""

import inspect
from collections.abc import Iterator

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts


def run_in_threads(app: FastAPI) -> set[str]:
    """Return the functions of the app's routes that are no coroutines: each costs every request a hop to a thread."""
    routes = [one.route for one in iter_route_contexts(app.routes)]
    called = [one for route in routes if isinstance(route, APIRoute) for one in _called(route.dependant)]
    return {name for name, is_coroutine in called if not is_coroutine}


def _called(dependant: Dependant) -> Iterator[tuple[str, bool]]:
    if dependant.call is not None:
        yield dependant.call.__qualname__, inspect.iscoroutinefunction(dependant.call)
    for one in dependant.dependencies:
        yield from _called(one)
