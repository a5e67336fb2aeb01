"""Whose request it is, by network address: the peer, or what a proxy we trust says about the peer."""

import ipaddress
from collections.abc import Sequence

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def client_address(peer: str, forwarded_for: bytes, trusted: Sequence[Network]) -> str:
    """Return the last address of the chain that no trusted proxy vouches for; only that one cannot be made up."""
    if not trusted:
        return peer
    address = peer
    for claimed in reversed(forwarded_for.split(b",")):
        if not _is_trusted(address, trusted):
            break
        try:
            address = str(ipaddress.ip_address(claimed.strip().decode("ascii", "replace")))
        except ValueError:
            break
    return address


def _is_trusted(address: str, trusted: Sequence[Network]) -> bool:
    if not trusted:
        return False
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    # How a socket for both families shows an IPv4 peer; networks are named in their own family.
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    return any((mapped or parsed) in network for network in trusted)
