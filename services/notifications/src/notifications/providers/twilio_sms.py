"""SMS over Twilio's API."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.rest import Client

from notifications.providers.destinations import is_vietnamese_mobile
from notifications.providers.port import (
    Accepted,
    LookUp,
    NoAnswer,
    NotFound,
    NotProcessed,
    Rejected,
    SendOutcome,
    Sms,
    Unknown,
)
from notifications.providers.twilio_http import AnswerLostError, BoundedTwilioClient, BusyError, NotReachedError

_GARBLED: Final = (TypeError, ValueError, KeyError, AttributeError)
"""What the library raises, as it comes, for a JSON object that is not what it expects."""
_LONGEST_ID: Final = 64
_PAGE: Final = 50
_CLOCK_SLACK: Final = timedelta(minutes=2)
_REQUEST_TIMEOUT: Final = 408


@dataclass(frozen=True, slots=True)
class TwilioAccount:
    sid: str
    auth_token: str = field(repr=False)
    sender: str


class TwilioSms:
    """Hands SMS to Twilio, or to anything that speaks its API at the HTTP client's address.

    Args:
        call_back_url: Where Twilio reports on a message; the message's id is added as `?message=`.
    """

    name: Final = "twilio"

    def __init__(self, account: TwilioAccount, http: BoundedTwilioClient, *, call_back_url: str) -> None:
        self._sender = account.sender
        self._call_back_url = call_back_url
        # An empty environment: account, region and edge come from our settings alone.
        self._client = Client(account.sid, account.auth_token, http_client=http, environment={"": ""})

    async def send(self, parcel: Sms) -> SendOutcome:
        if not is_vietnamese_mobile(parcel.target):
            return Rejected("target_not_vietnamese")
        try:
            return await self._create(parcel)
        except NotReachedError:
            return NotProcessed("not_reached")
        except BusyError as busy:
            return NotProcessed("http_429", busy.retry_after_seconds)
        except AnswerLostError as lost:
            return Unknown(lost.reason)
        except TwilioRestException as refusal:
            return _refused(refusal)

    async def _create(self, parcel: Sms) -> SendOutcome:
        try:
            message = await self._client.messages.create_async(
                to=parcel.target,
                from_=self._sender,
                body=parcel.text,
                status_callback=f"{self._call_back_url}?message={parcel.message_id}",
            )
        except _GARBLED:
            return Unknown("garbled_answer")
        return _taken(message.sid)

    async def look_up(self, parcel: Sms, *, since: datetime) -> LookUp:
        """Look among the latest messages to this target for the same text.

        Not filtered by date of sending: a message that still waits at Twilio has none, and would look absent.
        """
        try:
            latest = await self._client.messages.list_async(to=parcel.target, limit=_PAGE, page_size=_PAGE)
            return _found(latest, parcel, since - _CLOCK_SLACK)
        except (NotReachedError, BusyError, AnswerLostError, TwilioException, *_GARBLED):
            return NoAnswer()


def _refused(refusal: TwilioRestException) -> SendOutcome:
    """A refused request was read and had no effect; a failing or redirecting server may have sent first (F-28)."""
    status = int(refusal.status)
    if 400 <= status < 500 and status != _REQUEST_TIMEOUT:  # noqa: PLR2004 - the client errors of HTTP
        return Rejected(f"twilio_{refusal.code}" if refusal.code else f"http_{status}")
    return Unknown(f"http_{status}")


def _taken(sid: object) -> SendOutcome:
    if isinstance(sid, str) and 0 < len(sid) <= _LONGEST_ID and sid.isascii() and sid.isalnum():
        return Accepted(TwilioSms.name, sid)
    return Unknown("garbled_answer")


def _found(latest: list[Any], parcel: Sms, since: datetime) -> LookUp:
    recent = [message for message in latest if _utc(message.date_created) >= since]
    for message in recent:
        if message.to == parcel.target and message.body == parcel.text:
            taken = _taken(message.sid)
            return taken if isinstance(taken, Accepted) else NoAnswer()
    return NoAnswer() if len(recent) >= _PAGE else NotFound()


def _utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
