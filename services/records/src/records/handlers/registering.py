"""Beginning a participant's record, and changing whose numbers are whose. Of two who claim a number, one wins."""

from dataclasses import dataclass

from ansinh_kit.clock import Clock
from ansinh_kit.decider import Handled
from ansinh_kit.reservations import AlreadyReservedError

from records.domain.offices import Officer
from records.domain.participant import commands as asked
from records.domain.participant.decide_for_officer import refuse_unless_managed
from records.domain.participant.details import Contact, Identity, Numbers
from records.domain.participant.errors import NumberTakenError
from records.domain.participant.events import NumbersChanged, Source
from records.domain.participant.state import Participant
from records.handlers.context import CommandContext
from records.handlers.participants import Participants
from records.storage.numbers import ParticipantNumbers


@dataclass(frozen=True, slots=True, kw_only=True)
class NewParticipant:
    agency_code: str
    identity: Identity
    numbers: Numbers
    contact: Contact


class Registering:
    def __init__(self, *, participants: Participants, numbers: ParticipantNumbers, clock: Clock) -> None:
        self._participants = participants
        self._numbers = numbers
        self._clock = clock

    async def register(self, new: NewParticipant, source: Source, context: CommandContext) -> Handled[Participant]:
        """Begin a record. The participant's id comes from the commit id: repeated, it is the same participant.

        Raises:
            NumberTakenError: One of the numbers is another participant's; then nothing is written.
        """
        participant_id = context.derived("participant")
        command = asked.RegisterParticipant(
            participant_id=participant_id,
            agency_code=new.agency_code,
            source=source,
            identity=new.identity,
            numbers=new.numbers,
            contact=new.contact,
            at=self._clock.now(),
        )
        return await self._holding(new.numbers, participant_id, command, context)

    async def change_numbers(
        self,
        participant_id: str,
        numbers: Numbers,
        officer: Officer,
        context: CommandContext,
        *,
        dropped_were_mistaken: bool,
    ) -> Handled[Participant]:
        """Give the participant these numbers; mistaken ones are free for others when this returns.

        Raises:
            NumberTakenError: One of the numbers is another participant's; then nothing is written.
            ParticipantNotFoundError: There is none, or it is another agency's.
        """
        standing = (await self._participants.standing(participant_id)).state
        refuse_unless_managed(officer, standing)
        command = asked.ChangeNumbers(
            officer=officer, numbers=numbers, dropped_were_mistaken=dropped_were_mistaken, at=self._clock.now()
        )
        handled = await self._holding(numbers, standing.participant_id, command, context)
        await self._release_mistaken(handled)
        return handled

    async def _holding(
        self,
        numbers: Numbers,
        participant_id: str,
        command: asked.RegisterParticipant | asked.ChangeNumbers,
        context: CommandContext,
    ) -> Handled[Participant]:
        try:
            async with self._numbers.held(numbers, participant_id=participant_id, commit_id=context.commit_id):
                return await self._participants.handle(participant_id, command, context)
        except AlreadyReservedError as taken:
            raise NumberTakenError(taken.scope) from taken

    async def _release_mistaken(self, handled: Handled[Participant]) -> None:
        """Also after a repeated command: the first one may have died before it came to this."""
        for recorded in handled.events:
            if isinstance(recorded.event, NumbersChanged):
                mistaken = set(recorded.event.mistaken or ()) - handled.state.number_keys()
                await self._numbers.release(sorted(mistaken), participant_id=recorded.event.participant_id)
