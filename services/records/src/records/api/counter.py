"""What every route that feeds rows of one participant has: whose they are, and how each is answered."""

from collections.abc import Awaitable, Callable

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
    """One request of an officer of the managing agency. Every answer carries the rows' new version as `ETag`."""

    def __init__(self, participant_id: str, context: CommandContext, texts: RuleTexts, response: Response) -> None:
        self.participant_id = participant_id
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
        """Return the counter for this participant, or for the one it was merged into.

        Raises:
            ParticipantNotFoundError: There is none, or another agency manages it: the two read alike.
        """
        managed = await managed_participant(participants, participant_id, officer)
        return Counter(managed, context, texts, response)

    return open_counter


def checked_reason(raw: str) -> str:
    """Return why something is withdrawn, or is not any more.

    Raises:
        InvalidFieldsError: It is not a line of text.
    """
    checks = Checks()
    return checks.passed(checks.value("reason", raw, plain_line))
