"""E-mail over SMTP."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from aiosmtplib import SMTP
from aiosmtplib.errors import SMTPException, SMTPResponseException

from notifications.providers.mime import MalformedAddressError, mime_message
from notifications.providers.port import Accepted, Email, LookUp, NotProcessed, NoTrace, Rejected, SendOutcome, Unknown

_TRANSIENT: Final = range(400, 500)
_PERMANENT: Final = range(500, 600)
_NOT_REACHED: Final = NotProcessed("not_reached")
_ANSWER_LOST: Final = Unknown("answer_lost")


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where and how mail is handed over. `start_tls` may be off for a sandbox only."""

    host: str
    port: int
    sender: str
    start_tls: bool = True
    user_name: str | None = None
    password: str | None = field(default=None, repr=False)
    timeout_seconds: float = 20.0


class SmtpEmail:
    """Hands mail to one SMTP server, over a connection of its own; never in the clear unless told so.

    The phases matter: before the text goes out nothing can have happened, so a cut there is harmless. Afterwards a
    missing answer leaves the outcome unknown.
    """

    name: Final = "smtp"

    def __init__(self, server: SmtpServer) -> None:
        self._server = server

    async def send(self, parcel: Email) -> SendOutcome:
        try:
            content = mime_message(parcel, sender=self._server.sender)
        except MalformedAddressError:
            return Rejected("target_malformed")
        client = self._client()
        try:
            refusal = await self._introduce(client, parcel.target)
            return refusal or await self._hand_over(client, content, parcel.message_id)
        finally:
            client.close()

    async def look_up(self, parcel: Email, *, since: datetime) -> LookUp:
        del parcel, since
        return NoTrace()

    def _client(self) -> SMTP:
        return SMTP(
            hostname=self._server.host,
            port=self._server.port,
            start_tls=self._server.start_tls,
            username=self._server.user_name,
            password=self._server.password,
            local_hostname="localhost",  # never this machine's name, and no look-up of it
            timeout=self._server.timeout_seconds,
        )

    async def _introduce(self, client: SMTP, target: str) -> SendOutcome | None:
        """Connect and name sender and target; `None` means that the text may follow."""
        try:
            async with asyncio.timeout(self._server.timeout_seconds):
                try:
                    await client.connect()
                except SMTPException:
                    # Greeting, encryption, log-in: a refusal here is about us, not about this message.
                    return _NOT_REACHED
                await client.mail(self._server.sender)
                await client.rcpt(target)
        except SMTPResponseException as refusal:
            return _refused(refusal, otherwise=_NOT_REACHED)
        except (SMTPException, OSError, TimeoutError):
            return _NOT_REACHED
        return None

    async def _hand_over(self, client: SMTP, content: bytes, message_id: str) -> SendOutcome:
        try:
            async with asyncio.timeout(self._server.timeout_seconds):
                await client.data(content)
        except SMTPResponseException as refusal:
            return _refused(refusal, otherwise=_ANSWER_LOST)
        except (SMTPException, OSError, TimeoutError):
            return _ANSWER_LOST
        return Accepted(self.name, message_id)


def _refused(refusal: SMTPResponseException, *, otherwise: SendOutcome) -> SendOutcome:
    """Return what the code means; `otherwise` if it is none of SMTP's (the library makes -1 of garbage)."""
    reason = f"smtp_{refusal.code}"
    if refusal.code in _PERMANENT:
        return Rejected(reason)
    return NotProcessed(reason) if refusal.code in _TRANSIENT else otherwise
