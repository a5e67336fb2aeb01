"""The four services' apps, put together as in production but for what stands behind them, and what they publish."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from ansinh_kit.http.app import create_app
from ansinh_kit.http.assertion import AssertionIssuer
from ansinh_kit.mongo import connect
from ansinh_kit.testing.asgi_client import AsgiClient
from ansinh_kit.testing.edge import in_memory_edge
from fastapi import FastAPI
from notifications.api.twilio_call_backs import PATH, TwilioSignature, call_back_routes
from notifications.handlers.call_backs import CallBacks

from tests.auth.service import AuthService, keys
from tests.notifications.world import World
from tests.records.service import Service as RecordsService
from tests.registration.service import Service as RegistrationService

NOWHERE: Final = "mongodb://127.0.0.1:1/"
"""Auth's app is made over a database; nothing here asks it anything."""


@dataclass(frozen=True)
class Published:
    """An app, and a client that signs with the keys this app accepts."""

    service: str
    app: FastAPI
    client: AsgiClient

    @property
    def document(self) -> Mapping[str, Any]:
        return self.app.openapi()


@dataclass(frozen=True)
class Operation:
    service: str
    method: str
    path: str
    said: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.service} {self.method} {self.path}"


def _auth() -> Published:
    service = AuthService(connect(NOWHERE, app_name="surface").database("nowhere"))
    service.pool.close()
    return Published("auth", service.app, service.client)


def _registration() -> Published:
    service = RegistrationService()
    return Published("registration", service.app, service.client)


def _records() -> Published:
    service = RecordsService()
    return Published("records", service.app, service.client)


def _notifications() -> Published:
    world, signing = World(), keys("a")
    app = create_app(
        in_memory_edge("notifications", keys=signing, clock=world.clock),
        title="notifications",
        version="0",
        public_paths=(PATH,),
    )
    signature = TwilioSignature(auth_token="made-up", call_back_url="https://ansinh.example.vn/x")
    app.include_router(call_back_routes(CallBacks(world.store, world.clock), signature))
    issuer = AssertionIssuer(signing, clock=world.clock)
    return Published("notifications", app, AsgiClient(app, issuer=issuer, audience="notifications"))


_MAKERS: Final[Mapping[str, Callable[[], Published]]] = {
    "auth": _auth,
    "registration": _registration,
    "records": _records,
    "notifications": _notifications,
}
SERVICES: Final = tuple(_MAKERS)


@cache
def published(service: str) -> Published:
    """Return the service's app, made once: nothing in these tests changes it."""
    return _MAKERS[service]()


def operations() -> Iterator[Operation]:
    """Yield every operation of the four documents."""
    for service in SERVICES:
        for path, item in published(service).document["paths"].items():
            for method, said in item.items():
                yield Operation(service, method.upper(), path, said)


def resolved(service: str, schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the schema that a reference names, or the schema itself."""
    reference = schema.get("$ref")
    if reference is None:
        return schema
    found: Mapping[str, Any] = published(service).document["components"]["schemas"][reference.rsplit("/", 1)[-1]]
    return found


def fields(service: str, schema: Mapping[str, Any], seen: frozenset[str] = frozenset()) -> Iterator[tuple[str, Any]]:
    """Yield name and schema of every field that stands anywhere in `schema`."""
    name = str(schema.get("$ref", ""))
    if name and name in seen:
        return
    seen, schema = seen | {name}, resolved(service, schema)
    for field, inner in schema.get("properties", {}).items():
        yield field, inner
        yield from fields(service, inner, seen)
    for inner in _parts(schema):
        yield from fields(service, inner, seen)


def _parts(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for among in ("anyOf", "oneOf", "allOf", "prefixItems"):
        yield from schema.get(among, ())
    for one in ("items", "additionalProperties"):
        if isinstance(schema.get(one), dict):
            yield schema[one]
