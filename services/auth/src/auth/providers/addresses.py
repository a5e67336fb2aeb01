"""Which addresses the provider may send us and people to: its own, over https; a sandbox only where one may be."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


def is_loopback(address: str) -> bool:
    return urlsplit(address).hostname in LOOPBACK


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderAddresses:
    """`hosts` are those beside the issuer's own that its document may name.

    A sandbox may be on this machine and on these hosts, and be spoken to in the clear.
    """

    issuer: str
    hosts: frozenset[str] = frozenset()
    sandbox: bool = False

    def __post_init__(self) -> None:
        if not self.allows(self.issuer):
            raise ValueError("an identity provider is spoken to over https; a sandbox only on this machine")

    @property
    def discovery(self) -> str:
        return f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"

    def allows(self, address: str) -> bool:
        """Tell whether the address is one of the provider's, and nobody can listen or answer in between."""
        try:
            parts, issuer = urlsplit(address), urlsplit(self.issuer)
            port, issuer_port = parts.port, issuer.port
        except ValueError:  # a port that is no number, a bracket too few
            return False
        if parts.username is not None or parts.password is not None or parts.fragment:
            return False
        if self.sandbox:
            return parts.scheme in {"http", "https"} and parts.hostname in LOOPBACK | self.hosts
        is_own = (parts.hostname, port) == (issuer.hostname, issuer_port) or parts.hostname in self.hosts
        return parts.scheme == "https" and is_own
