"""Which records a citizen may read: the own one, and those of the children in the citizen's charge."""

from typing import ClassVar
from zoneinfo import ZoneInfo

from ansinh_kit.clock import Clock
from ansinh_kit.errors import ForbiddenError, NotFoundError, RefusedError

from records.domain.participant.errors import ParticipantNotFoundError
from records.handlers.participants import Participants
from records.handlers.record_ids import RecordIds
from records.projections.read_model import ReadModel

_VIET_NAM = ZoneInfo("Asia/Ho_Chi_Minh")


class NoRecordLinkedError(NotFoundError):
    """No record is linked to the account yet."""

    code: ClassVar[str] = "no_record_linked"


class LinkHeldError(RefusedError):
    """The account waits for an officer to compare its declaration with the record."""

    code: ClassVar[str] = "link_held"


class LinkRefusedError(ForbiddenError):
    """An officer found that the record is not this account's."""

    code: ClassVar[str] = "link_refused"


class OwnRecords:
    def __init__(
        self, *, participants: Participants, record_ids: RecordIds, account_links: ReadModel, clock: Clock
    ) -> None:
        self._participants = participants
        self._record_ids = record_ids
        self._account_links = account_links
        self._clock = clock

    async def of_holder(self, person_id: str) -> str:
        """Return the participant whose record the account of `person_id` (auth's id) reads.

        Raises:
            NoRecordLinkedError, LinkHeldError, LinkRefusedError: There is none to read.
        """
        link = await self._account_links.get(person_id)
        if link is None:
            raise NoRecordLinkedError
        match link["status"]:
            case "linked":
                return str(link["participant_id"])
            case "held":
                raise LinkHeldError
            case _:
                raise LinkRefusedError

    async def named(self, participant_id: str, person_id: str) -> str:
        """Return the participant if the holder of the account may read it: the own one, or a child in charge today.

        The child's own stream is asked, not a read model: a guardian whose charge has ended reads nothing from then on.

        Raises:
            ParticipantNotFoundError: There is no such participant, or it is not the caller's: the two read alike.
        """
        own_id = await self.of_holder(person_id)
        return own_id if participant_id == own_id else await self._of_child(participant_id, own_id)

    async def _of_child(self, child_id: str, guardian_id: str) -> str:
        child = (await self._participants.standing(child_id)).state
        today = self._clock.now().astimezone(_VIET_NAM).date()
        if child.restricted or not child.is_minor(today):
            raise ParticipantNotFoundError
        if child.guardians.isdisjoint(await self._record_ids.of_any(guardian_id)):
            raise ParticipantNotFoundError
        return child.participant_id
