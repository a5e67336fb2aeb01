"""Delivery reports to the sender's StatusCallback, signed as Twilio signs them."""

import asyncio
import base64
import hashlib
import hmac
import logging
from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp

from devtools.sandbox.mailbox import Received

log = logging.getLogger(__name__)

TRIES = 5
FIRST_PAUSE_SECONDS = 0.2
TIMEOUT_SECONDS = 5.0
SERVER_ERROR = 500


@dataclass(frozen=True, kw_only=True)
class Report:
    url: str
    statuses: tuple[str, ...]
    message: Received
    account_sid: str
    signing_key: str
    error_code: int | None = None

    def form(self, status: str) -> dict[str, str]:
        failed = self.error_code is not None and status == self.statuses[-1]
        return {
            "AccountSid": self.account_sid,
            "ApiVersion": "2010-04-01",
            "From": self.message.sender,
            "MessageSid": self.message.provider_id,
            "MessageStatus": status,
            "SmsSid": self.message.provider_id,
            "SmsStatus": status,
            "To": self.message.to,
        } | ({"ErrorCode": str(self.error_code)} if failed else {})


def signature(key: str, url: str, form: Mapping[str, str]) -> str:
    """Return X-Twilio-Signature: HMAC-SHA1 over the URL followed by each name and value, sorted by name."""
    signed = url + "".join(name + form[name] for name in sorted(form))
    return base64.b64encode(hmac.new(key.encode(), signed.encode(), hashlib.sha1).digest()).decode()


class DeliveryReports:
    """Sends reports in the background, the states of one message in order."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def send(self, report: Report) -> None:
        task = asyncio.create_task(self._send_all(report))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Give up what has not been sent."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _send_all(self, report: Report) -> None:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)) as session:
            for status in report.statuses:
                await _send(session, report, status)


async def _send(session: aiohttp.ClientSession, report: Report, status: str) -> None:
    form = report.form(status)
    headers = {"X-Twilio-Signature": signature(report.signing_key, report.url, form)}
    pause = FIRST_PAUSE_SECONDS
    for _ in range(TRIES):
        try:
            async with session.post(report.url, data=form, headers=headers) as answer:
                if answer.status < SERVER_ERROR:
                    return
        except (aiohttp.ClientError, TimeoutError):
            log.info("delivery report not taken, trying again", extra={"status": status})
        await asyncio.sleep(pause)
        pause *= 2
    log.warning("delivery report given up", extra={"status": status})
