"""A small SMTP server whose every answer can be scripted, byte for byte."""

import asyncio
from dataclasses import dataclass, field

from notifications.providers.port import Email
from notifications.providers.smtp_email import SmtpEmail, SmtpServer

HANG_UP = b""
SILENCE = b"silence"


@dataclass
class ScriptedSmtp:
    """`replies` overrides the answer to `greeting`, `EHLO`, `MAIL`, `RCPT`, `DATA` and `text` (the mail's end)."""

    replies: dict[str, bytes] = field(default_factory=dict)
    commands: list[str] = field(default_factory=list)
    mails: list[bytes] = field(default_factory=list)
    start_tls: bool = False
    port: int = 0
    _server: asyncio.Server | None = None
    _finished: asyncio.Event = field(default_factory=asyncio.Event)

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    @property
    def provider(self) -> SmtpEmail:
        return SmtpEmail(
            SmtpServer("127.0.0.1", self.port, "tin@ansinh.example.vn", start_tls=self.start_tls, timeout_seconds=0.6)
        )

    async def stop(self) -> None:
        self._finished.set()
        await self.go_away()

    async def go_away(self) -> None:
        assert self._server is not None
        self._server.close()

    def parcel(self, number: int) -> Email:
        return Email(
            f"{number:032x}", "mau@example.vn", "Nguyễn Văn Mẫu", f"Thư {number}", "Chào ông/bà", "<p>Chào ông/bà</p>"
        )

    def taken(self) -> list[str]:
        return [mail.decode() for mail in self.mails]

    def refuse_for_now(self) -> None:
        self.replies["RCPT"] = b"451 4.3.0 try again later\r\n"

    def refuse_for_good(self) -> None:
        self.replies["RCPT"] = b"550 5.1.1 no such user\r\n"

    def take_and_hang_up(self) -> None:
        self.replies["text"] = HANG_UP

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.transport.abort()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._reply(writer, "greeting", b"220 localhost ESMTP\r\n")
        while line := await reader.readline():
            verb = line.decode().split()[0].upper().partition(":")[0]
            self.commands.append(verb)
            if verb == "DATA":
                await self._take_text(reader, writer)
            elif verb == "EHLO":
                await self._reply(writer, verb, b"250 localhost\r\n")
            else:
                await self._reply(writer, verb, b"250 ok\r\n")

    async def _take_text(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._reply(writer, "DATA", b"354 go on\r\n")
        if self.replies.get("DATA", b"354").startswith(b"354"):
            self.mails.append(await reader.readuntil(b"\r\n.\r\n"))
            await self._reply(writer, "text", b"250 taken\r\n")

    async def _reply(self, writer: asyncio.StreamWriter, step: str, normal: bytes) -> None:
        reply = self.replies.get(step, normal)
        if reply == HANG_UP:
            raise ConnectionResetError
        if reply == SILENCE:
            await self._finished.wait()
        writer.write(reply)  # not drained: a client that gives up on a long reply would leave this task waiting
