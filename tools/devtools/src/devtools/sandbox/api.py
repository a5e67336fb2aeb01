"""What people and tests ask the sandbox: received messages, and faults to play."""

import json
from dataclasses import asdict
from http import HTTPStatus

from aiohttp import web
from pydantic import ValidationError

from devtools.sandbox.faults import Fault, Faults
from devtools.sandbox.mailbox import Filter, Mailbox, Received
from devtools.sandbox.page import CONTENT_SECURITY_POLICY, render

LONGEST_WAIT_SECONDS = 60.0


class SandboxApi:
    def __init__(self, mailbox: Mailbox, faults: Faults) -> None:
        self._mailbox = mailbox
        self._faults = faults

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/", self.page),
            web.get("/health/ready", self.ready),
            web.get("/api/messages", self.messages),
            web.delete("/api/messages", self.forget),
            web.get("/api/faults", self.show_faults),
            web.post("/api/faults", self.add_fault),
            web.delete("/api/faults", self.clear_faults),
        ]

    async def page(self, request: web.Request) -> web.Response:
        wanted = Filter(to=request.query.get("to", ""))
        text = render(self._mailbox.find(wanted), to=wanted.to, last=self._mailbox.last_number)
        headers = {"Content-Security-Policy": CONTENT_SECURITY_POLICY, "Cache-Control": "no-store"}
        return web.Response(text=text, content_type="text/html", headers=headers)

    async def ready(self, _request: web.Request) -> web.Response:
        return web.json_response({"status": "ready"})

    async def messages(self, request: web.Request) -> web.Response:
        """Return what matches `to`, `channel`, `after`; with `wait_seconds`, wait for the first match."""
        try:
            wanted = _filter(request)
            seconds = min(float(request.query.get("wait_seconds", 0)), LONGEST_WAIT_SECONDS)
        except ValueError as error:
            return _unprocessable(str(error))
        found = self._mailbox.find(wanted)
        if not found and seconds > 0:
            found = await self._mailbox.wait_for(wanted, seconds=seconds)
        return web.json_response({"messages": [_as_json(one) for one in found], "last": self._mailbox.last_number})

    async def forget(self, _request: web.Request) -> web.Response:
        self._mailbox.clear()
        return web.Response(status=HTTPStatus.NO_CONTENT)

    async def show_faults(self, _request: web.Request) -> web.Response:
        return web.json_response({"faults": [fault.model_dump() for fault in self._faults.pending()]})

    async def add_fault(self, request: web.Request) -> web.Response:
        try:
            fault = Fault.model_validate_json(await request.read())
        except ValidationError as error:
            return _unprocessable(json.loads(error.json(include_url=False, include_input=False)))
        self._faults.add(fault)
        return web.json_response(fault.model_dump(), status=HTTPStatus.CREATED)

    async def clear_faults(self, _request: web.Request) -> web.Response:
        self._faults.clear()
        return web.Response(status=HTTPStatus.NO_CONTENT)


def _filter(request: web.Request) -> Filter:
    query = request.query
    return Filter(to=query.get("to", ""), channel=query.get("channel", ""), after=int(query.get("after", 0)))


def _as_json(message: Received) -> dict[str, object]:
    return asdict(message) | {"received_at": message.received_at.isoformat()}


def _unprocessable(detail: object) -> web.Response:
    return web.json_response({"detail": detail}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
