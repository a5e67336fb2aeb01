"""What every route needs to know of its request beside the body."""

from typing import Annotated

from ansinh_kit.events import Metadata
from ansinh_kit.http.callers import AnyCaller
from ansinh_kit.http.request_context import current_request
from fastapi import Depends, Request

_UNKNOWN_ADDRESS = "unknown"


def client_address(request: Request) -> str:
    """Return where the client sits, as the gateway says; it sets the header anew on every request (GW-08)."""
    forwarded = request.headers.get("X-Forwarded-For", "").partition(",")[0].strip()
    if forwarded:
        return forwarded
    return _UNKNOWN_ADDRESS if request.client is None else request.client.host


def story(caller: AnyCaller) -> Metadata:
    """Return who does it and which request it belongs to, for the events."""
    context = current_request()
    return Metadata(
        correlation_id=caller.request_id,
        actor=caller.actor,
        traceparent=None if context is None else context.traceparent,
    )


ClientAddress = Annotated[str, Depends(client_address)]
Story = Annotated[Metadata, Depends(story)]
