"""Tells the chapters in order, and stops at the first thing that is not as told."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import aiohttp

from devtools.story.browser import Device
from devtools.story.cast import Cast
from devtools.story.chapters import (
    activating,
    deciding,
    declaring,
    disputing,
    feeding,
    leaving,
    looking_up,
    minding,
    moving,
    opening,
    reading,
    taking,
)
from devtools.story.mailbox import Mailbox
from devtools.story.people import Citizen, Officer
from devtools.story.report import NotAsToldError, Report

Chapter = Callable[[Cast], Awaitable[None]]

OPENING: Final[tuple[Chapter, ...]] = (declaring.tell, deciding.tell, activating.tell)
"""Up to an account whose holder is logged in on the first phone."""
WHOLE: Final[tuple[Chapter, ...]] = (
    *OPENING,
    moving.tell,
    opening.tell,
    feeding.tell,
    reading.tell,
    disputing.tell,
    taking.tell,
    looking_up.tell,
    minding.tell,
    leaving.tell,
)
_TIMEOUT = aiohttp.ClientTimeout(total=60)


async def play(
    report: Report,
    *,
    gateway_url: str,
    sandbox_url: str,
    officer: Officer,
    stranger: Officer,
    citizen: Citizen | None = None,
    chapters: Sequence[Chapter] = WHOLE,
) -> Cast:
    """Play these chapters; `report` holds what happened, the cast what was seen. Without a citizen, one is made up."""
    async with aiohttp.ClientSession(timeout=_TIMEOUT) as http:
        cast = Cast(
            report=report,
            mailbox=Mailbox(http, sandbox_url),
            citizen=citizen or Citizen.invent(),
            officer=officer,
            stranger=stranger,
            guest=Device(http, gateway_url),
            first_phone=Device(http, gateway_url),
            second_phone=Device(http, gateway_url),
            office=Device(http, gateway_url),
            other_office=Device(http, gateway_url),
        )
        try:
            for tell in chapters:
                await tell(cast)
        except (NotAsToldError, aiohttp.ClientError, TimeoutError):
            pass  # the report has the step and the reason; the caller looks at `report.passed`
    return cast
