"""Where a request comes from."""

from typing import Annotated, Final

from fastapi import Depends, Request

from ansinh_kit.http.addresses import limit_key

_UNKNOWN_ADDRESS: Final = "unknown"


async def client_address(request: Request) -> str:
    """Return what attempts are counted by: where the client sits, as the gateway says (GW-08).

    Of an IPv6 address that is its /64 network: a subscriber may take another address in it for every guess (LIM-13).
    """
    forwarded = request.headers.get("X-Forwarded-For", "").partition(",")[0].strip()
    if forwarded:
        return limit_key(forwarded)
    return _UNKNOWN_ADDRESS if request.client is None else request.client.host


ClientAddress = Annotated[str, Depends(client_address)]
