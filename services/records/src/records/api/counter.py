"""What every route that feeds rows of one participant has: whose they are, and how each is answered."""

from collections.abc import Awaitable, Callable
from functools import partial

from ansinh_kit.http.rules import RuleTexts
from ansinh_kit.http.versions import etag
from fastapi import Response

from records.api.contexts import ParticipantId, RepeatableContext
from records.api.feeding import Reinstated, RowChanged, RowsAnswer, Withdrawn, rows_answer
from records.api.officers import CurrentOfficer
from records.domain.rules import Checks
from records.domain.text import plain_line
from records.handlers.context import CommandContext
from records.handlers.feeding import Fed
from records.handlers.managed import managed_participant
from records.handlers.participants import Participants


class Counter:
    """One request of an officer. Every answer carries the rows' new version as `ETag`.

    `whose` returns the participant, or the one it was merged into, if the officer's agency manages the record; else it
    raises `ParticipantNotFoundError`. Asked for once the body is known to be sound: what is malformed is told as such.
    """

    def __init__(
        self, whose: Callable[[], Awaitable[str]], context: CommandContext, texts: RuleTexts, response: Response
    ) -> None:
        self.whose = whose
        self.context = context
        self._texts = texts
        self._response = response

    def told(self, fed: Fed) -> RowsAnswer:
        """Answer a list of rows, each in its place."""
        self._stamp(fed.version)
        return rows_answer(fed, self._texts)

    def changed(self, fed: Fed, row_id: str) -> RowChanged:
        """Answer the correction of one row."""
        self._stamp(fed.version)
        return RowChanged(participant_id=fed.participant_id, id=row_id)

    def withdrawn(self, version: int) -> Withdrawn:
        self._stamp(version)
        return Withdrawn()

    def reinstated(self, version: int) -> Reinstated:
        self._stamp(version)
        return Reinstated()

    def _stamp(self, version: int) -> None:
        self._response.headers["ETag"] = etag(version)


OpenCounter = Callable[..., Awaitable[Counter]]


def counter_of(*, participants: Participants, texts: RuleTexts) -> OpenCounter:
    """Return the dependency of routes under `/v1/staff/participants/{participant_id}` that feed rows."""

    async def open_counter(
        participant_id: ParticipantId, officer: CurrentOfficer, context: RepeatableContext, response: Response
    ) -> Counter:
        return Counter(partial(managed_participant, participants, participant_id, officer), context, texts, response)

    return open_counter


def checked_reason(raw: str) -> str:
    """Return why something is withdrawn, or is not any more.

    Raises:
        InvalidFieldsError: It is not a line of text.
    """
    checks = Checks()
    return checks.passed(checks.value("reason", raw, plain_line))
