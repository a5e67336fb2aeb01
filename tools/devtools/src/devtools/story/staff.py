"""How a member of staff logs in: password, and what the authenticator app shows."""

import asyncio
import time
from collections.abc import Callable

from pyotp.totp import TOTP

from devtools.story.browser import Answer, Device
from devtools.story.people import Officer
from devtools.story.report import NotAsToldError


async def log_in_officer(device: Device, officer: Officer, saw: Callable[[str], str] = str) -> None:
    """Log in with the authenticator's code; if it was used before, with the next ones, as a person would.

    Args:
        saw: Is told every code and token.
    """
    totp = TOTP(officer.totp_secret)
    for wait_first in (False, True):
        if wait_first:
            await asyncio.sleep(totp.interval - time.time() % totp.interval)
        # The next code is good already, for clocks that run a little ahead.
        for step in (0, 1):
            code = saw(totp.at(int(time.time()), counter_offset=step))
            opened = await _opened(device, officer, code)
            if opened is not None:
                device.headers["Authorization"] = f"Bearer {saw(opened.body['token'])}"
                return
    raise NotAsToldError("no code of the authenticator was accepted")


async def _opened(device: Device, officer: Officer, code: str) -> Answer | None:
    body = {"user_name": officer.user_name, "password": officer.password, "totp": code}
    try:
        return await device.post("/auth/v1/staff/sessions", body, status=201)
    except NotAsToldError:
        return None
