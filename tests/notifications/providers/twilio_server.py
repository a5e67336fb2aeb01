"""A small server that speaks the two calls of Twilio's API that are used, and misbehaves on request."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from aiohttp import web
from notifications.providers.port import Sms
from notifications.providers.twilio_http import BoundedTwilioClient
from notifications.providers.twilio_sms import TwilioAccount, TwilioSms

SID = "AC00000000000000000000000000000000"
TOKEN = "made-up-token"
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class TwilioServer:
    """`answer`, if set, answers in place of the normal behaviour; `take_first` stores the message before."""

    messages: list[dict[str, Any]] = field(default_factory=list)
    requests: list[dict[str, str]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    answer: Answer | None = None
    take_first: bool = False
    _runner: web.AppRunner | None = None
    _client: BoundedTwilioClient | None = None

    async def start(self) -> None:
        application = web.Application()
        application.router.add_post("/2010-04-01/Accounts/{sid}/Messages.json", self._create)
        application.router.add_get("/2010-04-01/Accounts/{sid}/Messages.json", self._list)
        self._runner = web.AppRunner(application, shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self._client = BoundedTwilioClient(base_url=f"http://{host}:{port}", timeout_seconds=0.6)
        self.provider = TwilioSms(
            TwilioAccount(SID, TOKEN, "AnSinhSo"), self._client, call_back_url="https://ansinh.example.vn/status"
        )

    async def stop(self) -> None:
        assert self._runner is not None
        assert self._client is not None
        await self._client.close()
        await self._runner.cleanup()

    async def go_away(self) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    def parcel(self, number: int) -> Sms:
        return Sms(f"{number:032x}", "+84900000018", f"An Sinh So: tin {number}")

    def taken(self) -> list[str]:
        return [message["body"] for message in self.messages]

    def refuse_for_now(self) -> None:
        self.answer = answering(429, {"code": 20429}, headers={"Retry-After": "7"})

    def refuse_for_good(self) -> None:
        self.answer = answering(400, {"code": 21211, "message": "'+84900000018' is not valid"})

    def take_and_hang_up(self) -> None:
        self.take_first, self.answer = True, hang_up

    async def _create(self, request: web.Request) -> web.StreamResponse:
        form = {key: str(value) for key, value in (await request.post()).items()}
        self.requests.append(form)
        self.headers.append(dict(request.headers))
        if self.answer is None or self.take_first:
            self._take(form)
        return web.json_response(self.messages[-1], status=201) if self.answer is None else await self.answer(request)

    def _take(self, form: dict[str, str]) -> None:
        number = len(self.messages) + 1
        self.messages.append(
            {
                "sid": f"SM{number:032x}",
                "to": form["To"],
                "body": form["Body"],
                "status": "queued",
                "date_created": format_datetime(datetime.now(UTC)),
                "date_sent": None,
            }
        )

    async def _list(self, request: web.Request) -> web.StreamResponse:
        found = [message for message in self.messages if message["to"] == request.query["To"]]
        return web.json_response({"messages": found[:50], "page_size": 50, "next_page_uri": None})


def answering(status: int, body: object, *, headers: dict[str, str] | None = None) -> Answer:
    async def answer(_: web.Request) -> web.StreamResponse:
        if isinstance(body, bytes):
            return web.Response(status=status, body=body, headers=headers)
        return web.json_response(body, status=status, headers=headers)

    return answer


async def hang_up(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.close()
    return web.Response()


async def never_answer(request: web.Request) -> web.StreamResponse:
    await asyncio.Event().wait()
    return await hang_up(request)


async def answer_a_byte_at_a_time(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(status=201)
    await response.prepare(request)
    for _ in range(1000):
        await response.write(b" ")
        await asyncio.sleep(0.05)
    return response
