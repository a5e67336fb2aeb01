"""The provider over HTTP: description, keys, authorization and token endpoints, and where orders are given."""

import asyncio
import base64
import hashlib
import hmac
import json
import re
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote_plus, urlencode

from aiohttp import web
from pydantic import ValidationError

from devtools.sandbox.e_id.keys import Keys
from devtools.sandbox.e_id.page import CONTENT_SECURITY_POLICY, show_e_id, show_returned
from devtools.sandbox.e_id.tokens import Person, Tokens
from devtools.sandbox.e_id.ways import Place, Way, Ways

PREFIX: Final = "/e-id"
_ASKED: Final = ("response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "code_challenge")
_CITIZEN_NUMBER: Final = re.compile(r"[0-9]{12}")
_OVERSIZED: Final = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class EIdClient:
    """The one client the provider knows, and the one address it sends people back to."""

    client_id: str
    client_secret: str = field(repr=False)
    redirect_address: str


@dataclass(frozen=True, kw_only=True)
class _Granted:
    person: Person
    asked: Mapping[str, str]


class EIdProvider:
    """Vouches for whoever types a citizen number. `address` is where services reach it, `shown_at` where people do."""

    def __init__(
        self, address: str, client: EIdClient, *, shown_at: str | None = None, now: Callable[[], float] = time.time
    ) -> None:
        self._issuer = f"{address}{PREFIX}"
        self._shown_at = f"{shown_at or address}{PREFIX}"
        self._client = client
        self._now = now
        self._keys = Keys()
        self._tokens = Tokens(self._keys, issuer=self._issuer, client_id=client.client_id, now=now)
        self._granted: dict[str, _Granted] = {}
        self.ways = Ways()
        self.asked: dict[Place, int] = {"description": 0, "keys": 0, "token": 0}

    @property
    def issuer(self) -> str:
        return self._issuer

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get(f"{PREFIX}/.well-known/openid-configuration", self.describe),
            web.get(f"{PREFIX}/keys", self.show_keys),
            web.get(f"{PREFIX}/authorize", self.ask),
            web.post(f"{PREFIX}/authorize", self.grant),
            web.post(f"{PREFIX}/token", self.redeem),
            web.get(f"{PREFIX}/returned", self.returned),
            web.post(f"{PREFIX}/ways", self.add_way),
            web.delete(f"{PREFIX}/ways", self.clear_ways),
            web.post(f"{PREFIX}/rotation", self.rotate),
        ]

    async def describe(self, _request: web.Request) -> web.StreamResponse:
        way = self._take("description")
        return await _wrong_answer(way) or web.json_response(_changed_description(self._description(), way))

    async def show_keys(self, _request: web.Request) -> web.StreamResponse:
        return await _wrong_answer(self._take("keys")) or web.json_response(self._keys.key_set())

    async def ask(self, request: web.Request) -> web.StreamResponse:
        """Show the page of one who comes from us, or say what is wrong with how they were sent."""
        asked = {name: request.query.get(name, "") for name in (*_ASKED, "code_challenge_method")}
        if wrong := self._wrong(asked):
            return web.Response(status=HTTPStatus.BAD_REQUEST, text=wrong)
        return _html(show_e_id(asked))

    async def grant(self, request: web.Request) -> web.StreamResponse:
        """Send the person back with a code that counts once."""
        form = {name: str(value) for name, value in (await request.post()).items()}
        number = form.pop("citizen_number", "")
        if wrong := self._wrong(form):
            return web.Response(status=HTTPStatus.BAD_REQUEST, text=wrong)
        if not _CITIZEN_NUMBER.fullmatch(number):
            return web.Response(status=HTTPStatus.BAD_REQUEST, text="citizen_number")
        code = secrets.token_urlsafe(24)
        person = Person(subject=subject_of(number), citizen_number=number, shown_at=int(self._now()))
        self._granted[code] = _Granted(person=person, asked=form)
        back = f"{self._client.redirect_address}?{urlencode({'code': code, 'state': form['state']})}"
        return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": back})

    async def redeem(self, request: web.Request) -> web.StreamResponse:
        way = self._take("token")
        if wrong := await _wrong_answer(way):
            return wrong
        if not self._is_client(request.headers.get("Authorization", "")):
            return web.json_response({"error": "invalid_client"}, status=HTTPStatus.UNAUTHORIZED)
        form = {name: str(value) for name, value in (await request.post()).items()}
        granted = self._granted.pop(form.get("code", ""), None)
        refused = way is not None and way.kind == "code_refused"
        if granted is None or refused or not self._fits(form, granted):
            return web.json_response({"error": "invalid_grant"}, status=HTTPStatus.BAD_REQUEST)
        body: dict[str, object] = {"access_token": secrets.token_urlsafe(24), "token_type": "Bearer", "expires_in": 60}
        if way is None or way.kind != "no_token":
            kind = None if way is None else way.kind
            body["id_token"] = self._tokens.make(granted.person, granted.asked["nonce"], kind)
        return web.json_response(body, headers={"Cache-Control": "no-store"})

    async def returned(self, request: web.Request) -> web.StreamResponse:
        return _html(show_returned({name: request.query[name] for name in ("code", "state") if name in request.query}))

    async def add_way(self, request: web.Request) -> web.StreamResponse:
        try:
            way = Way.model_validate_json(await request.read())
        except ValidationError as error:
            detail = json.loads(error.json(include_url=False, include_input=False))
            return web.json_response({"detail": detail}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        self.ways.add(way)
        return web.json_response(way.model_dump(), status=HTTPStatus.CREATED)

    async def clear_ways(self, _request: web.Request) -> web.StreamResponse:
        self.ways.clear()
        return web.Response(status=HTTPStatus.NO_CONTENT)

    async def rotate(self, _request: web.Request) -> web.StreamResponse:
        self._keys.rotate()
        return web.Response(status=HTTPStatus.NO_CONTENT)

    def _take(self, place: Place) -> Way | None:
        self.asked[place] += 1
        return self.ways.take(place)

    def _description(self) -> dict[str, Any]:
        return {
            "issuer": self._issuer,
            "authorization_endpoint": f"{self._shown_at}/authorize",
            "token_endpoint": f"{self._issuer}/token",
            "jwks_uri": f"{self._issuer}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "code_challenge_methods_supported": ["S256"],
            "claims_supported": ["sub", "acr", "auth_time", "citizen_number"],
        }

    def _wrong(self, asked: Mapping[str, str]) -> str | None:
        """Return the first parameter that is not as it must be."""
        must_be = {
            "response_type": "code",
            "client_id": self._client.client_id,
            "redirect_uri": self._client.redirect_address,
            "code_challenge_method": "S256",
        }
        wrong = [name for name, value in must_be.items() if asked.get(name) != value]
        missing = [name for name in ("state", "nonce", "code_challenge") if not asked.get(name)]
        return next(iter((*wrong, *missing)), None)

    def _is_client(self, authorization: str) -> bool:
        # Both in the form of form fields first (RFC 6749, 2.3.1).
        pair = f"{quote_plus(self._client.client_id)}:{quote_plus(self._client.client_secret)}".encode()
        return hmac.compare_digest(authorization.encode(), b"Basic " + base64.b64encode(pair))

    def _fits(self, form: Mapping[str, str], granted: _Granted) -> bool:
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        return (
            form.get("grant_type") == "authorization_code"
            and form.get("redirect_uri") == self._client.redirect_address
            and base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == granted.asked["code_challenge"]
        )


def subject_of(citizen_number: str) -> str:
    """Return how this provider calls the person: the same each time, and not the number."""
    return hashlib.sha256(f"sandbox e-id|{citizen_number}".encode()).hexdigest()[:32]


def _changed_description(described: dict[str, Any], way: Way | None) -> dict[str, Any]:
    match None if way is None else way.kind:
        case "other_issuer_described":
            return {**described, "issuer": "https://another.example"}
        case "foreign_endpoint":
            return {**described, "token_endpoint": "https://another.example/token"}
        case "no_pkce":
            return {**described, "code_challenge_methods_supported": ["plain"]}
        case _:
            return described


async def _wrong_answer(way: Way | None) -> web.StreamResponse | None:
    """Return the answer of a provider that is out of order; `None` if the answer itself is as ordered."""
    match None if way is None else way.kind:
        case "server_error":
            return web.Response(status=HTTPStatus.INTERNAL_SERVER_ERROR)
        case "redirected":
            return web.Response(status=HTTPStatus.FOUND, headers={"Location": "/e-id/keys"})
        case "oversized":
            return web.json_response({"padding": "x" * _OVERSIZED})
        case "garbage":
            return web.Response(text="<html>\x00 not json", content_type="text/html")
        case "slow" if way is not None:
            await asyncio.sleep(way.seconds)
            return None
        case _:
            return None


def _html(text: str) -> web.Response:
    headers = {"Content-Security-Policy": CONTENT_SECURITY_POLICY, "Cache-Control": "no-store"}
    return web.Response(text=text, content_type="text/html", headers=headers)
