"""Where a request comes from."""

from typing import Annotated

from fastapi import Depends, Request

_UNKNOWN_ADDRESS = "unknown"


def client_address(request: Request) -> str:
    """Return where the client sits, as the gateway says; it sets the header anew on every request (GW-08)."""
    forwarded = request.headers.get("X-Forwarded-For", "").partition(",")[0].strip()
    if forwarded:
        return forwarded
    return _UNKNOWN_ADDRESS if request.client is None else request.client.host


ClientAddress = Annotated[str, Depends(client_address)]
