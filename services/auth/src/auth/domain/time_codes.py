"""Time-based one-time codes of staff (RFC 6238): 30 s steps, one step of clock drift either way, each step once."""

import hmac
from datetime import datetime
from typing import Final

from pyotp.totp import TOTP

STEP_SECONDS: Final = 30
_DRIFT: Final = (-1, 0, 1)
ISSUER: Final = "An Sinh Số"


def matching_step(secret: str, code: str, now: datetime) -> int | None:
    """Return the time step whose code this is; `None` if it is none of the present ones.

    That the step was not used before is for the caller to see to.
    """
    totp = TOTP(secret, interval=STEP_SECONDS)
    present = int(now.timestamp()) // STEP_SECONDS
    matching = [present + drift for drift in _DRIFT if _equal(totp.generate_otp(present + drift), code)]
    return matching[-1] if matching else None


def enrolment_uri(secret: str, user_name: str) -> str:
    """Return what an authenticator app reads, as text or as a QR."""
    return TOTP(secret, interval=STEP_SECONDS).provisioning_uri(name=user_name, issuer_name=ISSUER)


def _equal(expected: str, given: str) -> bool:
    return hmac.compare_digest(expected.encode(), given.encode("utf-8", "surrogatepass"))
