"""No address that a user gives is ever fetched: no field takes one, and what talks to others has its own (API-07)."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.surface.published import fields, operations

ROOT: Final = Path(__file__).parents[2]
SOURCES: Final = ("services/*/src", "gateway/src", "libs/*/src")
ADDRESS_NAMES: Final = ("url", "uri", "href", "webhook", "callback", "call_back", "redirect")
CLIENTS: Final = frozenset({"aiohttp", "aiosmtplib", "requests", "smtplib", "twilio.rest", "urllib.request", "urllib3"})
CALLS: Final = frozenset({"create_connection", "open_connection", "urlopen"})
# Whom each of these talks to is a setting, or a row of the gateway's table; nothing that came in has a part in it.
TALK_TO_OTHERS: Final = frozenset(
    {
        "gateway/src/gateway/app.py",
        "gateway/src/gateway/bounded.py",
        "gateway/src/gateway/connection_pool.py",
        "gateway/src/gateway/news_client.py",
        "gateway/src/gateway/openapi_source.py",
        "gateway/src/gateway/plain_client.py",
        "services/auth/src/auth/providers/bounded_http.py",
        "services/notifications/src/notifications/providers/smtp_email.py",
        "services/notifications/src/notifications/providers/twilio_http.py",
        "services/notifications/src/notifications/providers/twilio_sms.py",
    }
)


@pytest.mark.sec("API-07")
def test_no_operation_takes_an_address_to_go_to() -> None:
    for operation in operations():
        content = operation.said.get("requestBody", {}).get("content", {})
        taken = [found for said in content.values() for found in fields(operation.service, said.get("schema", {}))]
        taken += [(one["name"], one["schema"]) for one in operation.said.get("parameters", ())]
        for name, schema in taken:
            assert not any(part in name.lower() for part in ADDRESS_NAMES), (str(operation), name)
            assert schema.get("format") != "uri", (str(operation), name)


@pytest.mark.sec("API-07")
@pytest.mark.sec("SEC-09")
def test_only_these_modules_talk_to_others() -> None:
    """A new one is looked at here by somebody, who asks where its address comes from."""
    found = {str(path.relative_to(ROOT)) for path in _sources() if _talks(ast.parse(path.read_text(encoding="utf-8")))}
    assert found, "looked in the wrong place"
    assert found <= TALK_TO_OTHERS


def _sources() -> Iterator[Path]:
    for pattern in SOURCES:
        for folder in ROOT.glob(pattern):
            yield from folder.rglob("*.py")


def _talks(module: ast.Module) -> bool:
    for node in ast.walk(module):
        match node:
            case ast.Import(names=names) if any(_is_client(one.name) for one in names):
                return True
            case ast.ImportFrom(module=str(name)) if _is_client(name):
                return True
            case ast.Call(func=ast.Attribute(attr=called) | ast.Name(id=called)) if called in CALLS:
                return True
    return False


def _is_client(name: str) -> bool:
    return any(name == client or name.startswith(f"{client}.") for client in CLIENTS)
