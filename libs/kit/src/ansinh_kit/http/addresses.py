"""What limits by address count: the subscriber, as far as an address tells."""

import ipaddress
from typing import Final

_IPV6_HOST_BITS: Final = 64


def limit_key(address: str) -> str:
    """Return what a rate limit counts: an IPv4 address, or the /64 an IPv6 subscriber is free to move within."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return address
    if parsed.ipv4_mapped is not None:
        # How a socket for both families shows IPv4 peers: one /64 would be all of them.
        return str(parsed.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(parsed), _IPV6_HOST_BITS), strict=False))
