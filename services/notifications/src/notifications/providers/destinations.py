"""Where messages may go: a sandbox by default; real carriers only when a setting says so in so many words (SEC-09)."""

import ipaddress
import re
from collections.abc import Set as AbstractSet
from typing import Final

_VIETNAMESE_MOBILE: Final = re.compile(r"\+84(3[2-9]|5[25689]|7[06-9]|8[1-9]|9[0-46-9])[0-9]{7}")


class RealCarrierRefusedError(Exception):
    """The host is no sandbox, and real carriers were not allowed; raised when the service is put together."""

    def __init__(self, host: str) -> None:
        super().__init__(f"{host} is not a sandbox, and real carriers are not allowed by the settings")
        self.host = host


def is_vietnamese_mobile(target: str) -> bool:
    """Tell whether an SMS may go there: numbers of other countries are how toll fraud is done (LIM-11)."""
    return _VIETNAMESE_MOBILE.fullmatch(target) is not None


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_destination(host: str, *, sandbox_hosts: AbstractSet[str], real_carriers_allowed: bool) -> None:
    """Let the host pass if it is a sandbox, or if real carriers are allowed.

    Raises:
        RealCarrierRefusedError: It is neither.
    """
    if not (is_loopback(host) or host in sandbox_hosts or real_carriers_allowed):
        raise RealCarrierRefusedError(host)
