"""Whether a process of the plan is ready, and why not."""

import json
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from devtools.servers.ports import is_taken
from devtools.servers.probes import amqp_answers, mongodb_answers

OK = 200
TIMEOUT_SECONDS = 2.0
LONGEST_REASON = 120


@dataclass(frozen=True)
class Readiness:
    ready: bool
    reason: str = ""


def ask(probe: str) -> Readiness:
    """Ask a probe, which is a URL by the protocol to speak: amqp, mongodb, http, or tcp for an open port."""
    parts = urlsplit(probe)
    host, port = parts.hostname or "", parts.port or 0
    match parts.scheme:
        case "amqp":
            return _by(amqp_answers(host, port))
        case "mongodb":
            return _by(mongodb_answers(host, port))
        case "tcp":
            return _by(is_taken(port))
        case _:
            return _ask_http(host, port, parts.path)


def _by(answered: bool) -> Readiness:  # noqa: FBT001 - one fact in, one out
    return Readiness(answered, "" if answered else "does not answer yet")


def _ask_http(host: str, port: int, path: str) -> Readiness:
    connection = HTTPConnection(host, port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read().decode("utf-8", "replace")
    except (OSError, HTTPException):
        return Readiness(ready=False, reason="does not answer yet")
    finally:
        connection.close()
    return Readiness(answer.status == OK, "" if answer.status == OK else _reason(answer.status, body))


def _reason(status: int, body: str) -> str:
    """Name what is not ready; services answer `{"checks": {"mongodb": "unavailable", ...}}` or problem details."""
    try:
        content = json.loads(body)
    except ValueError:
        return f"answers {status}"
    checks = content.get("checks") if isinstance(content, dict) else None
    if isinstance(checks, dict):
        failing = [f"{name}: {found}" for name, found in checks.items() if found not in ("ok", True)]
        return ", ".join(failing)[:LONGEST_REASON] or f"answers {status}"
    return f"answers {status}"
