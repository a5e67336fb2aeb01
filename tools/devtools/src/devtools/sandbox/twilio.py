"""The part of Twilio's HTTP API that sends messages: requests, answers, errors and delivery reports as Twilio's own."""

import asyncio
import base64
import hmac
import re
import secrets
from email.utils import format_datetime
from http import HTTPStatus

from aiohttp import web

from devtools.sandbox.delivery_reports import DeliveryReports, Report
from devtools.sandbox.faults import Fault, Faults
from devtools.sandbox.mailbox import Filter, Mailbox, Received

API_VERSION = "2010-04-01"
LONGEST_BODY = 1600
DEFAULT_PAGE = 50
LARGEST_PAGE = 1000
_E164 = re.compile(r"\+[1-9]\d{6,14}")

AUTHENTICATE = (HTTPStatus.UNAUTHORIZED, 20003, "Authenticate")
NOT_FOUND = (HTTPStatus.NOT_FOUND, 20404, "The requested resource was not found")
TOO_MANY = (HTTPStatus.TOO_MANY_REQUESTS, 20429, "Too Many Requests")
BROKEN = (HTTPStatus.INTERNAL_SERVER_ERROR, 20500, "An internal server error has occurred")
NO_RECIPIENT = (HTTPStatus.BAD_REQUEST, 21604, "A 'To' phone number is required.")
NO_SENDER = (HTTPStatus.BAD_REQUEST, 21603, "A 'From' phone number is required.")
NO_BODY = (HTTPStatus.BAD_REQUEST, 21602, "Message body is required.")
TOO_LONG = (HTTPStatus.BAD_REQUEST, 21617, "The concatenated message body exceeds the 1600 character limit")
INVALID_RECIPIENT = (HTTPStatus.BAD_REQUEST, 21211, "The 'To' number is not a valid phone number.")


class TwilioApi:
    """Handlers for one account. Its token authenticates the sender and signs the delivery reports."""

    def __init__(
        self, *, account_sid: str, auth_token: str, mailbox: Mailbox, faults: Faults, reports: DeliveryReports
    ) -> None:
        self._account_sid = account_sid
        self._auth_token = auth_token
        self._mailbox = mailbox
        self._faults = faults
        self._reports = reports

    def routes(self) -> list[web.RouteDef]:
        messages = f"/{API_VERSION}/Accounts/{{account}}/Messages"
        return [
            web.post(f"{messages}.json", self.create_message),
            web.get(f"{messages}.json", self.list_messages),
            web.get(f"{messages}/{{message}}.json", self.show_message),
        ]

    async def create_message(self, request: web.Request) -> web.Response:
        if not self._is_authentic(request):
            return _error(*AUTHENTICATE)
        form = {name: str(value) for name, value in (await request.post()).items()}
        if refusal := _refusal(form):
            return _error(*refusal)
        fault = self._faults.take("sms", form["To"])
        if fault is not None and (answer := await _answer_without_taking(fault)) is not None:
            return answer
        message = await self._take(form)
        self._report(form, message, fault)
        if fault is not None and fault.kind in {"hang_after_acceptance", "slow"}:
            await asyncio.sleep(fault.seconds)
        return web.json_response(self._resource(message), status=HTTPStatus.CREATED)

    async def show_message(self, request: web.Request) -> web.Response:
        if not self._is_authentic(request):
            return _error(*AUTHENTICATE)
        message = self._mailbox.find_by_provider_id(request.match_info["message"])
        return _error(*NOT_FOUND) if message is None else web.json_response(self._resource(message))

    async def list_messages(self, request: web.Request) -> web.Response:
        """Return the latest messages, newest first, those to `To` if it is given: one page, as many as `PageSize`."""
        if not self._is_authentic(request):
            return _error(*AUTHENTICATE)
        wanted = Filter(channel="sms", to=request.query.get("To", ""))
        size = min(int(request.query.get("PageSize", DEFAULT_PAGE)), LARGEST_PAGE)
        latest = self._mailbox.find(wanted)[::-1][:size]
        return web.json_response(
            {"messages": [self._resource(one) for one in latest], "page": 0, "page_size": size, "next_page_uri": None}
        )

    async def _take(self, form: dict[str, str]) -> Received:
        return await self._mailbox.add(
            channel="sms",
            sender=form.get("From") or form["MessagingServiceSid"],
            to=form["To"],
            text=form["Body"],
            provider_id=f"SM{secrets.token_hex(16)}",
        )

    def _report(self, form: dict[str, str], message: Received, fault: Fault | None) -> None:
        callback = form.get("StatusCallback", "")
        kind = "" if fault is None else fault.kind
        if not callback or kind == "no_report":
            return
        statuses = ("sent", "undelivered") if kind == "not_delivered" else ("sent", "delivered")
        self._reports.send(
            Report(
                url=callback,
                statuses=statuses,
                message=message,
                account_sid=self._account_sid,
                error_code=30003 if kind == "not_delivered" else None,
                signing_key="forged" if kind == "forged_report" else self._auth_token,
            )
        )

    def _is_authentic(self, request: web.Request) -> bool:
        given = request.headers.get("Authorization", "")
        wanted = base64.b64encode(f"{self._account_sid}:{self._auth_token}".encode()).decode()
        right = hmac.compare_digest(given.encode(), f"Basic {wanted}".encode())
        return right and request.match_info["account"] == self._account_sid

    def _resource(self, message: Received) -> dict[str, object]:
        path = f"/{API_VERSION}/Accounts/{self._account_sid}/Messages/{message.provider_id}"
        moment = format_datetime(message.received_at)
        return {
            "account_sid": self._account_sid,
            "api_version": API_VERSION,
            "body": message.text,
            "date_created": moment,
            "date_sent": None,
            "date_updated": moment,
            "direction": "outbound-api",
            "error_code": None,
            "error_message": None,
            "from": None if message.sender.startswith("MG") else message.sender,
            "messaging_service_sid": message.sender if message.sender.startswith("MG") else None,
            "num_media": "0",
            "num_segments": str(_segments(message.text)),
            "price": None,
            "price_unit": "USD",
            "sid": message.provider_id,
            "status": "queued",
            "subresource_uris": {"media": f"{path}/Media.json"},
            "to": message.to,
            "uri": f"{path}.json",
        }


def _refusal(form: dict[str, str]) -> tuple[HTTPStatus, int, str] | None:
    if not form.get("To"):
        return NO_RECIPIENT
    if not form.get("From") and not form.get("MessagingServiceSid"):
        return NO_SENDER
    if not form.get("Body"):
        return NO_BODY
    if len(form["Body"]) > LONGEST_BODY:
        return TOO_LONG
    return None if _E164.fullmatch(form["To"]) else INVALID_RECIPIENT


async def _answer_without_taking(fault: Fault) -> web.Response | None:
    """Return the answer of a fault by which the message is not taken; None if it is taken all the same."""
    match fault.kind:
        case "refused":
            return _error(HTTPStatus.BAD_REQUEST, fault.code or INVALID_RECIPIENT[1], "The message was refused")
        case "rate_limited":
            return _error(*TOO_MANY)
        case "server_error":
            return _error(*BROKEN)
        case "garbage":
            return web.Response(text="<html>\x00 not json", content_type="text/html")
        case "hang_before_acceptance":
            await asyncio.sleep(fault.seconds)
            return _error(*BROKEN)
        case _:
            return None


def _error(status: HTTPStatus, code: int, message: str) -> web.Response:
    body = {
        "code": code,
        "message": message,
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": int(status),
    }
    return web.json_response(body, status=status)


def _segments(text: str) -> int:
    """Return how many SMS the text takes; letters outside ASCII force the short segments of 70, or 67 when joined."""
    alone, joined = (160, 153) if text.isascii() else (70, 67)
    return 1 if len(text) <= alone else -(-len(text) // joined)
