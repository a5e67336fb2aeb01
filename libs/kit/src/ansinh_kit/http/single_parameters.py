"""A query names each parameter once. Which of two values counts differs from one reader to the next (SEC-12)."""

from typing import Final
from urllib.parse import unquote_to_bytes

from starlette.types import ASGIApp, Receive, Scope, Send

from ansinh_kit.http.problems import Problem, standard_problem
from ansinh_kit.http.rules import RuleTexts

_RULE: Final = "repeated"
_LONGEST_NAME: Final = 64


class SingleParametersMiddleware:
    """Answers 422 to a query with a name in it twice, however the two are spelt; no route takes a list."""

    def __init__(self, app: ASGIApp, *, rules: RuleTexts) -> None:
        self._app = app
        self._rules = rules

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        name = repeated_parameter(scope["query_string"]) if scope["type"] == "http" else None
        if name is None:
            await self._app(scope, receive, send)
        else:
            await self._refusal(name).response()(scope, receive, send)

    def _refusal(self, name: bytes) -> Problem:
        # Longer names are nobody's: what is shown back is a parameter's name, never a text somebody made up.
        shown = name.decode("ascii", "replace") if len(name) <= _LONGEST_NAME else ""
        problem = standard_problem(422)
        entry = self._rules.describe(shown, _RULE, {})
        return Problem(problem.status, problem.code, problem.title, problem.message, {"errors": [entry]})


def repeated_parameter(query: bytes) -> bytes | None:
    """Return a name that stands in `query` twice, decoded as the route would read it; `None` if there is none."""
    if b"&" not in query:
        return None
    seen: set[bytes] = set()
    for part in query.split(b"&"):
        name = unquote_to_bytes(part.partition(b"=")[0].replace(b"+", b" "))
        if name in seen and part:
            return name
        seen.add(name)
    return None
