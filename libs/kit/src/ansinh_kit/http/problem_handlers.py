"""Turns everything a route can raise into problem details. Unknown errors are the edge's last resort, not here."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from ansinh_kit.errors import DomainError, InvalidFieldsError, UnavailableError
from ansinh_kit.http.assertion import UnauthenticatedError
from ansinh_kit.http.json_bodies import content_type_of, is_json
from ansinh_kit.http.problems import ErrorTable, Problem, standard_problem
from ansinh_kit.http.rules import RuleTexts, rule_name
from ansinh_kit.http.versions import names_version

log = structlog.get_logger(__name__)

_UNAUTHENTICATED_HEADERS: Final = {"WWW-Authenticate": "Bearer"}
_NOT_AN_OBJECT: Final = frozenset({"model_type", "model_attributes_type", "dict_type", "list_type"})


class ProblemHandlers:
    """The exception handlers of one app; `install` registers them."""

    def __init__(self, errors: ErrorTable, rules: RuleTexts) -> None:
        self._errors = errors
        self._rules = rules

    def install(self, app: FastAPI) -> None:
        app.add_exception_handler(InvalidFieldsError, self._invalid_fields)
        app.add_exception_handler(DomainError, self._domain_error)
        app.add_exception_handler(UnavailableError, self._unavailable)
        app.add_exception_handler(UnauthenticatedError, self._unauthenticated)
        app.add_exception_handler(RequestValidationError, self._invalid_request)
        app.add_exception_handler(HTTPException, self._http_exception)

    async def _domain_error(self, request: Request, error: Exception) -> Response:
        refusal = cast("DomainError", error)
        problem = self._errors.problem(refusal, client_named_version=names_version(request))
        log.info("request_refused", code=problem.code, status=problem.status)
        return problem.response()

    async def _invalid_fields(self, _request: Request, error: Exception) -> Response:
        violations = cast("InvalidFieldsError", error).violations
        entries = [self._rules.describe(broken.field, broken.rule, broken.limits) for broken in violations]
        return _with_errors(entries, code=cast("InvalidFieldsError", error).code).response()

    async def _unavailable(self, _request: Request, error: Exception) -> Response:
        unavailable = cast("UnavailableError", error)
        log.warning("dependency_unavailable", dependency=unavailable.dependency)
        return standard_problem(503, headers={"Retry-After": str(unavailable.retry_after_seconds)}).response()

    async def _unauthenticated(self, _request: Request, error: Exception) -> Response:
        log.info("caller_not_identified", reason=str(error))
        return standard_problem(401, headers=_UNAUTHENTICATED_HEADERS).response()

    async def _invalid_request(self, request: Request, error: Exception) -> Response:
        broken = cast("RequestValidationError", error).errors()
        if _is_other_media_type(request, broken):
            return standard_problem(415).response()
        entries = [
            self._rules.describe(_field(item), rule_name(item["type"]), item.get("ctx") or {}) for item in broken
        ]
        return _with_errors(entries).response()

    async def _http_exception(self, _request: Request, error: Exception) -> Response:
        exception = cast("HTTPException", error)
        return standard_problem(exception.status_code, headers=dict(exception.headers or {})).response()


def _with_errors(entries: Sequence[Mapping[str, Any]], *, code: str | None = None) -> Problem:
    problem = standard_problem(422, code=code)
    return Problem(problem.status, problem.code, problem.title, problem.message, {"errors": list(entries)})


def _field(item: Mapping[str, Any]) -> str:
    """Return the field's name without the place it came in: `reasons.0.text`, `page_size`, `If-Match`."""
    place, *path = item["loc"]
    return ".".join(str(part) for part in path) or str(place)


def _is_other_media_type(request: Request, broken: Sequence[Mapping[str, Any]]) -> bool:
    # FastAPI hands a body that is not JSON to the model as bytes, which fails as "not an object".
    return not is_json(content_type_of(request.scope)) and any(
        tuple(item["loc"]) == ("body",) and item["type"] in _NOT_AN_OBJECT for item in broken
    )
