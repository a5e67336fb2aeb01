"""The mail provider: an SMTP server that keeps what it is given."""

import asyncio
import email
import secrets
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.smtp import SMTP, Envelope, Session

from devtools.sandbox.faults import Fault, Faults
from devtools.sandbox.mailbox import Mailbox

ACCEPTED = "250 2.0.0 OK"
REFUSED = "550 5.1.1 The mailbox does not exist"
LATER = "451 4.7.1 Try again later"


class MailHandler:
    """aiosmtpd calls `handle_DATA` with a whole message, once for all its recipients."""

    def __init__(self, mailbox: Mailbox, faults: Faults) -> None:
        self._mailbox = mailbox
        self._faults = faults

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - its name
        fault = self._faults.take("email", envelope.rcpt_tos[0])
        if fault is not None and (answer := await _answer_without_taking(fault)) is not None:
            return answer
        content = envelope.content or b""
        raw = content.encode() if isinstance(content, str) else content
        queue_id = secrets.token_hex(8)
        for recipient in envelope.rcpt_tos:
            await self._keep(str(envelope.mail_from), recipient, raw, queue_id)
        if fault is not None and fault.kind in {"hang_after_acceptance", "slow"}:
            await asyncio.sleep(fault.seconds)
        return f"{ACCEPTED} queued as {queue_id}"

    async def _keep(self, sender: str, recipient: str, raw: bytes, queue_id: str) -> None:
        message = email.message_from_bytes(raw, policy=default)
        if not isinstance(message, EmailMessage):  # what this policy makes is always one
            raise TypeError(type(message))
        await self._mailbox.add(
            channel="email",
            sender=sender,
            to=recipient,
            text=_part(message, "plain"),
            html=_part(message, "html"),
            subject=str(message.get("Subject", "")),
            provider_id=str(message.get("Message-ID", queue_id)),
            attachments=tuple(part.get_filename() or "" for part in message.iter_attachments()),
        )


def _part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    return "" if body is None else str(body.get_content())


async def _answer_without_taking(fault: Fault) -> str | None:
    """Return the answer of a fault by which the mail is not taken; None if it is taken all the same."""
    match fault.kind:
        case "refused":
            return REFUSED
        case "rate_limited" | "server_error":
            return LATER
        case "garbage":
            return "not a number at all"
        case "hang_before_acceptance":
            await asyncio.sleep(fault.seconds)
            return LATER
        case _:
            return None


async def serve_smtp(handler: MailHandler, *, host: str, port: int) -> asyncio.Server:
    """Listen until the returned server is closed. Addresses and texts may be UTF-8."""
    loop = asyncio.get_running_loop()

    def protocol() -> SMTP:
        return SMTP(handler, hostname="sandbox.localhost", enable_SMTPUTF8=True, loop=loop)

    return await loop.create_server(protocol, host, port)
