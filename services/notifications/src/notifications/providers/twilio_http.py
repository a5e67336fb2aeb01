"""The HTTP client under Twilio's library: bounded in time and size, follows nothing, logs nothing.

The library's own client logs each request's parameters, which are phone numbers, and reads answers of any size.
"""

import json
import logging
from typing import Any, Final

import aiohttp
from twilio.http import AsyncHttpClient
from twilio.http.response import Response

_PUBLIC_BASE: Final = "https://api.twilio.com"
_LARGEST_ANSWER_BYTES: Final = 256 * 1024
_TOO_MANY_REQUESTS: Final = 429


class NotReachedError(Exception):
    """No connection came about: the carrier has seen nothing of the request."""


class BusyError(Exception):
    """The carrier refused the request unread, for now (429)."""

    def __init__(self, retry_after_seconds: float) -> None:
        super().__init__(f"busy for {retry_after_seconds} s")
        self.retry_after_seconds = retry_after_seconds


class AnswerLostError(Exception):
    """The request went out, and no answer came that can be relied on; `reason` is one of a few fixed words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class BoundedTwilioClient(AsyncHttpClient):  # type: ignore[misc] # the library has no types
    """Sends Twilio's requests to `base_url`, which may be a sandbox.

    Each request has a connection of its own: on a kept one a request may be lost to a time-out of the server, and a
    one-time code whose outcome is unknown is never sent again.
    """

    def __init__(self, *, base_url: str, timeout_seconds: float) -> None:
        super().__init__(logging.getLogger(__name__), is_async=True)
        self._base_url = base_url.rstrip("/")
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(force_close=True),
            timeout=aiohttp.ClientTimeout(total=timeout_seconds, sock_connect=timeout_seconds / 2),
            auto_decompress=False,
            headers={"Accept-Encoding": "identity"},
            trust_env=False,
        )

    async def close(self) -> None:
        await self._session.close()

    async def request(  # noqa: PLR0917 - the library's signature
        self,
        method: str,
        uri: str,
        params: dict[str, str] | None = None,
        data: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - the library's signature
        allow_redirects: bool = False,  # noqa: FBT001, FBT002 - the library's signature
    ) -> Response:
        """Return the answer if it is a JSON object of bounded size.

        Raises:
            NotReachedError: Nothing was sent.
            BusyError: The carrier answered 429.
            AnswerLostError: Anything else that leaves the outcome open.
        """
        del timeout, allow_redirects
        url = self._base_url + uri.removeprefix(_PUBLIC_BASE)
        authorization = {"Authorization": aiohttp.encode_basic_auth(*auth)} if auth else {}
        try:
            async with self._session.request(
                method,
                url,
                params=params,
                data=data,
                headers={**(headers or {}), **authorization},
                allow_redirects=False,
            ) as answer:
                return Response(answer.status, await _json_object(answer), dict(answer.headers))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotReachedError from error
        except TimeoutError as error:
            raise AnswerLostError("timeout") from error
        except aiohttp.ClientError as error:
            raise AnswerLostError("connection_lost") from error


async def _json_object(answer: aiohttp.ClientResponse) -> str:
    if answer.status == _TOO_MANY_REQUESTS:
        raise BusyError(_seconds(answer.headers.get("Retry-After")))
    text = await _bounded_text(answer)
    if answer.status >= 300:  # noqa: PLR2004 - an error's body is not needed: its text may quote the target
        return json.dumps({"code": _twilio_code(text)})
    if not isinstance(_parsed(text), dict):
        raise AnswerLostError("garbled_answer")
    return text


async def _bounded_text(answer: aiohttp.ClientResponse) -> str:
    body = bytearray()
    async for chunk in answer.content.iter_chunked(16 * 1024):
        body += chunk
        if len(body) > _LARGEST_ANSWER_BYTES:
            raise AnswerLostError("oversized_answer")
    return body.decode("utf-8", errors="replace")


def _parsed(text: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _twilio_code(text: str) -> int | None:
    payload = _parsed(text)
    code = payload.get("code") if isinstance(payload, dict) else None
    return code if isinstance(code, int) else None


def _seconds(retry_after: str | None) -> float:
    """Return the header's seconds, at most an hour; its form as a date is not used by this carrier."""
    return min(float(retry_after), 3600.0) if retry_after and retry_after.isascii() and retry_after.isdigit() else 0.0
