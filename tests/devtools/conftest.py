from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import pytest
from devtools.sandbox.server import Sandbox
from devtools.servers.ports import free_ports

ACCOUNT = "AC" + "0" * 32
TOKEN = "a-made-up-token"
AUTHENTIC = {"Authorization": aiohttp.encode_basic_auth(ACCOUNT, TOKEN)}


@dataclass(frozen=True)
class RunningSandbox:
    url: str
    smtp_port: int
    http: aiohttp.ClientSession

    @property
    def messages_url(self) -> str:
        return f"{self.url}/2010-04-01/Accounts/{ACCOUNT}/Messages.json"

    async def send_sms(self, to: str = "+84900000018", **form: str) -> aiohttp.ClientResponse:
        data = {"To": to, "From": "+84900000001", "Body": "Xin chào"} | form
        answer = await self.http.post(self.messages_url, data=data, headers=AUTHENTIC)
        await answer.read()
        return answer

    async def order(self, **fault: object) -> None:
        async with self.http.post(f"{self.url}/api/faults", json=fault) as answer:
            assert answer.status == 201, await answer.text()

    async def received(self, **query: str | float) -> list[dict[str, object]]:
        async with self.http.get(f"{self.url}/api/messages", params=query) as answer:
            assert answer.status == 200, await answer.text()
            return list((await answer.json())["messages"])


@pytest.fixture
async def sandbox() -> AsyncIterator[RunningSandbox]:
    http_port, smtp_port = free_ports(2)
    async with (
        Sandbox(account_sid=ACCOUNT, auth_token=TOKEN, http_port=http_port, smtp_port=smtp_port, host="127.0.0.1"),
        aiohttp.ClientSession() as http,
    ):
        yield RunningSandbox(f"http://127.0.0.1:{http_port}", smtp_port, http)
