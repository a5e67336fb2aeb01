"""`POST /v1/callbacks/twilio/status`: Twilio's reports on messages, believed only with its signature (F-31)."""

import hmac
from typing import Annotated, Final
from urllib.parse import parse_qsl

from ansinh_kit.errors import ForbiddenError
from ansinh_kit.http.body_limits import read_body
from fastapi import APIRouter, Header, Query, Request, Response
from twilio.request_validator import RequestValidator

from notifications.handlers.call_backs import CallBacks

PATH: Final = "/v1/callbacks/twilio/status"
_LARGEST_REPORT_BYTES: Final = 16 * 1024
_MOST_FIELDS: Final = 64


class ForgedCallBackError(ForbiddenError):
    """The report does not carry Twilio's signature of this very address and content."""

    code = "forged_call_back"


class TwilioSignature:
    """Checks `X-Twilio-Signature`, an HMAC over the public address and the sorted fields.

    Args:
        call_back_url: The address Twilio was told, without its query: behind a proxy it is not the request's own.
    """

    def __init__(self, *, auth_token: str, call_back_url: str) -> None:
        self._validator = RequestValidator(auth_token)
        self._call_back_url = call_back_url

    def check(self, *, query: str, fields: dict[str, str], signature: str) -> None:
        """Return if the signature holds.

        Raises:
            ForgedCallBackError: It does not.
        """
        expected = self._validator.compute_signature(f"{self._call_back_url}?{query}", fields)
        if not hmac.compare_digest(expected.encode(), signature.encode()):
            raise ForgedCallBackError


def call_back_routes(call_backs: CallBacks, signature: TwilioSignature) -> APIRouter:
    router = APIRouter(tags=["call-backs"])

    @router.post(PATH, status_code=204, summary="A carrier reports what became of a message")
    async def status(
        request: Request,
        message: Annotated[str, Query(pattern="^[0-9a-f-]{32,36}$")],
        x_twilio_signature: Annotated[str, Header(max_length=200)] = "",
    ) -> Response:
        fields = await _fields(request)
        signature.check(query=request.url.query, fields=fields, signature=x_twilio_signature)
        await call_backs.twilio_status(
            message_id=message,
            sid=fields.get("MessageSid", ""),
            status=fields.get("MessageStatus", ""),
            error_code=_digits(fields.get("ErrorCode", "")),
        )
        return Response(status_code=204)

    return router


async def _fields(request: Request) -> dict[str, str]:
    """Return the form's fields; a body that is no form cannot be what Twilio signed."""
    body = await read_body(request, limit_bytes=_LARGEST_REPORT_BYTES)
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, strict_parsing=True, max_num_fields=_MOST_FIELDS
        )
    except ValueError as error:
        raise ForgedCallBackError from error
    return dict(pairs)


def _digits(code: str) -> str:
    return code if code.isascii() and code.isdigit() else ""
