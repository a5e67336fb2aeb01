"""What arrived at the sandbox: the story learns codes and links here and nowhere else."""

import asyncio
import re
from dataclasses import dataclass

import aiohttp

from devtools.story.report import NotAsToldError

_PATIENCE_SECONDS = 30
_CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")
_ACTIVATION_TOKEN = re.compile(r"act_[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class Message:
    number: int
    channel: str
    to: str
    subject: str
    text: str

    def code(self) -> str:
        """Return the one code of six digits in the text."""
        found = _CODE.findall(self.text)
        if len(found) != 1:
            raise NotAsToldError(f"told one code of six digits, got {len(found)} in a message to {self.channel}")
        return str(found[0])

    def activation_token(self) -> str:
        found = _ACTIVATION_TOKEN.search(self.text)
        if found is None:
            raise NotAsToldError("told an activation link, got none")
        return found.group()


class Mailbox:
    """Messages to one citizen's phone and e-mail address, in the order they arrived."""

    def __init__(self, http: aiohttp.ClientSession, sandbox_url: str) -> None:
        self._http = http
        self._url = f"{sandbox_url}/api/messages"

    async def last_number(self) -> int:
        """Return the newest message's number: pass it as `after` to wait for what comes next."""
        async with self._http.get(self._url, params={"to": "nobody"}) as response:
            return int((await response.json())["last"])

    async def all_for(self, to: str, *, after: int) -> list[Message]:
        async with self._http.get(self._url, params={"to": to, "after": after}) as response:
            return [_message(found) for found in (await response.json())["messages"]]

    async def next_for(self, to: str, *, after: int, saying: str = "") -> Message:
        """Return the first message to `to` after `after` whose subject or text has `saying`, waiting for it.

        Raises:
            NotAsToldError: It did not come.
        """
        seen = after
        loop_until = asyncio.get_running_loop().time() + _PATIENCE_SECONDS
        while (left := loop_until - asyncio.get_running_loop().time()) > 0:
            params = {"to": to, "after": str(seen), "wait_seconds": f"{left:.1f}"}
            async with self._http.get(self._url, params=params) as response:
                found = [_message(each) for each in (await response.json())["messages"]]
            for message in found:
                if saying in message.subject or saying in message.text:
                    return message
                seen = message.number
        raise NotAsToldError(f"no message «{saying}» arrived within {_PATIENCE_SECONDS} s")


def _message(found: dict[str, object]) -> Message:
    return Message(
        number=int(str(found["number"])),
        channel=str(found["channel"]),
        to=str(found["to"]),
        subject=str(found["subject"]),
        text=str(found["text"]),
    )
