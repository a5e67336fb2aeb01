"""The token end point of RFC 6749 for client credentials (4.4). Its answers and errors are the RFC's, for any client.

The secret comes by HTTP Basic only (2.3.1), the rest as a form. Nothing of either is logged or echoed.
"""

import base64
import binascii
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal
from urllib.parse import parse_qsl, unquote_plus

from ansinh_kit.http.client_address import ClientAddress
from ansinh_kit.throttling.port import TooManyAttemptsError
from fastapi import APIRouter, Header, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from auth.handlers.integrator_tokens import ClientRefusedError, IssueTokens, ScopeRefusedError

_FORM: Final = "application/x-www-form-urlencoded"
_LONGEST_BODY: Final = 4096
_MOST_FIELDS: Final = 16
_CHALLENGE: Final = 'Basic realm="ansinh", charset="UTF-8"'
_NOT_KEPT: Final = {"Cache-Control": "no-store", "Pragma": "no-cache"}

OAuthErrorCode = Literal[
    "invalid_request", "invalid_client", "unsupported_grant_type", "invalid_scope", "temporarily_unavailable"
]


class TokenAnswer(BaseModel):
    """`expires_in` is in seconds, `scope` a list with spaces between."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - the name of a kind of token
    expires_in: int
    scope: str


class OAuthError(BaseModel):
    """RFC 6749, 5.2."""

    error: OAuthErrorCode
    error_description: str


@dataclass
class _RefusedError(Exception):
    """What goes out as the RFC's error."""

    status: int
    error: OAuthErrorCode
    description: str
    headers: dict[str, str]

    def response(self) -> Response:
        body = OAuthError(error=self.error, error_description=self.description).model_dump()
        return JSONResponse(body, status_code=self.status, headers={**_NOT_KEPT, **self.headers})


_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            _FORM: {
                "schema": {
                    "type": "object",
                    "required": ["grant_type"],
                    "properties": {
                        "grant_type": {"type": "string", "enum": ["client_credentials"]},
                        "scope": {"type": "string"},
                    },
                }
            }
        },
    }
}


def oauth_routes(issue: IssueTokens) -> APIRouter:
    routes = APIRouter(prefix="/v1/oauth", tags=["integrators"])

    @routes.post(
        "/token",
        response_model=TokenAnswer,
        responses={400: {"model": OAuthError}, 401: {"model": OAuthError}, 429: {"model": OAuthError}},
        openapi_extra=_BODY,
    )
    async def issue_token(
        request: Request, address: ClientAddress, authorization: Annotated[str | None, Header()] = None
    ) -> Response:
        """Give an integrator a token for minutes, for its client id and secret by HTTP Basic."""
        try:
            return await _answer(request, authorization, address)
        except _RefusedError as refused:
            return refused.response()

    async def _answer(request: Request, authorization: str | None, address: str) -> Response:
        form = _form(request.headers.get("content-type", ""), await request.body())
        client_id, secret = _credentials(authorization)
        scopes = frozenset(form["scope"].split(" ")) if form.get("scope") else None
        try:
            issued = await issue(client_id, secret, scopes=scopes, address=address)
        except ClientRefusedError as error:
            raise _invalid_client() from error
        except ScopeRefusedError as error:
            raise _RefusedError(400, "invalid_scope", "more than this client may do", {}) from error
        except TooManyAttemptsError as error:
            wait = {"Retry-After": str(error.retry_after_seconds)}
            raise _RefusedError(429, "temporarily_unavailable", "too many requests", wait) from error
        answer = TokenAnswer(
            access_token=issued.token, expires_in=int(issued.life.total_seconds()), scope=" ".join(issued.scopes)
        )
        return JSONResponse(answer.model_dump(), headers=_NOT_KEPT)

    return routes


def _form(content_type: str, body: bytes) -> dict[str, str]:
    """Return the form's fields; none may come twice (RFC 6749, 3.2).

    Raises:
        _RefusedError: No form, no grant type, another one, or a secret in it.
    """
    if content_type.partition(";")[0].strip().lower() != _FORM or len(body) > _LONGEST_BODY:
        raise _invalid_request("a form of at most 4 KiB is needed")
    try:
        fields = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict")
    except ValueError as error:
        raise _invalid_request("not a form") from error
    form = dict(fields)
    if len(form) != len(fields):
        raise _invalid_request("a parameter came twice")
    if "client_secret" in form:
        raise _invalid_request("the secret comes by HTTP Basic only")
    if "grant_type" not in form:
        raise _invalid_request("grant_type is missing")
    if form["grant_type"] != "client_credentials":
        raise _RefusedError(400, "unsupported_grant_type", "only client_credentials", {})
    return form


def _credentials(authorization: str | None) -> tuple[str, str]:
    """Return client id and secret, each decoded from its form encoding (RFC 6749, 2.3.1)."""
    scheme, _, encoded = (authorization or "").partition(" ")
    if scheme.lower() != "basic":
        raise _invalid_client()
    try:
        client_id, colon, secret = base64.b64decode(encoded.strip(), validate=True).decode("ascii").partition(":")
    except (binascii.Error, UnicodeDecodeError, ValueError) as error:
        raise _invalid_client() from error
    if not colon:
        raise _invalid_client()
    return unquote_plus(client_id), unquote_plus(secret)


def _invalid_client() -> _RefusedError:
    return _RefusedError(401, "invalid_client", "client id or secret is not right", {"WWW-Authenticate": _CHALLENGE})


def _invalid_request(why: str) -> _RefusedError:
    return _RefusedError(400, "invalid_request", why, {})
