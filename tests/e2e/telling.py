"""Playing the story inside a test."""

from collections.abc import Sequence

from devtools.story.cast import Cast
from devtools.story.people import Officer
from devtools.story.play import WHOLE, Chapter, play
from devtools.story.report import Report

from tests.plugins.system import RunningSystem


async def tell(system: RunningSystem, *, chapters: Sequence[Chapter] = WHOLE) -> Cast:
    """Play the story once, with a citizen of its own, and return who and what it was about.

    Args:
        chapters: Those to play, from the beginning on.

    Raises:
        AssertionError: Something was not as told; the message has the step and the reason.
    """
    officer, stranger = [
        Officer(
            user_name=found.user_name,
            agency_code=found.agency_code,
            password=found.password,
            totp_secret=found.totp_secret,
        )
        for found in system.new_officers()
    ]
    report = Report(quiet=True)
    cast = await play(
        report,
        gateway_url=system.gateway_url,
        sandbox_url=system.sandbox_url,
        officer=officer,
        stranger=stranger,
        chapters=chapters,
    )
    assert report.passed, f"{report.steps[-1].chapter} / {report.steps[-1].title}: {report.steps[-1].why}"
    return cast
