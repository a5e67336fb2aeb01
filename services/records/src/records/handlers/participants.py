"""Finding a participant and changing it; whatever is meant for a merged record reaches the one it went on in."""

from collections.abc import Collection

from ansinh_kit.decider import Handled, Loaded, handle, load, load_all
from ansinh_kit.event_store.store import EventStore

from records.domain.participant.commands import ParticipantCommand
from records.domain.participant.decide import participant_decider
from records.domain.participant.details import NumberKey
from records.domain.participant.errors import ParticipantMergedAwayError, ParticipantNotFoundError
from records.domain.participant.state import Participant
from records.handlers.context import CommandContext
from records.storage.numbers import ParticipantNumbers


def participant_stream(participant_id: str) -> str:
    return f"participant-{participant_id}"


class Participants:
    def __init__(self, store: EventStore, numbers: ParticipantNumbers) -> None:
        self._store = store
        self._numbers = numbers

    async def load(self, participant_id: str) -> Loaded[Participant]:
        """Return the participant, merged or not; status `absent` if there is none."""
        return await load(self._store, participant_stream(participant_id), participant_decider)

    async def standing(self, participant_id: str) -> Loaded[Participant]:
        """Return the participant, or the one it was merged into, however often.

        Raises:
            ParticipantNotFoundError: There is none, or the person was forgotten.
        """
        loaded = await self.load(participant_id)
        while loaded.state.merged_into is not None:
            loaded = await self.load(loaded.state.merged_into)
        if loaded.state.status in {"absent", "forgotten"}:
            raise ParticipantNotFoundError
        return loaded

    async def standing_among(self, participant_ids: Collection[str]) -> dict[str, Participant]:
        """Return each participant, or the one it was merged into, by the id it stands under.

        Asked in few questions, all of them in memory at once: the caller bounds how many. Who is not there, or was
        forgotten, is left out.
        """
        streams = [participant_stream(participant_id) for participant_id in participant_ids]
        found = [loaded.state for loaded in (await load_all(self._store, streams, participant_decider)).values()]
        standing = {state.participant_id: state for state in found if state.status == "active"}
        for duplicate in found:
            if duplicate.merged_into is not None:
                standing |= await self.standing_among([duplicate.merged_into])
        return standing

    async def find_by_number(self, number: NumberKey) -> Participant | None:
        """Return whose number it is; `None` if it is nobody's, or its participant's registration is not finished."""
        owner = await self._numbers.find_owner(number)
        if owner is None:
            return None
        try:
            return (await self.standing(owner)).state
        except ParticipantNotFoundError:
            return None

    async def handle(
        self, participant_id: str, command: ParticipantCommand, context: CommandContext
    ) -> Handled[Participant]:
        """Carry the command out, on the survivor if the participant was merged.

        Merges make no circles (see `decide_for_system`), so this ends.

        Raises:
            DomainError: What the rules refuse with.
            ConcurrencyConflictError: The participant is not at the version the caller has seen.
        """
        while True:
            try:
                return await self.handle_here(participant_id, command, context)
            except ParticipantMergedAwayError as merged:
                participant_id = merged.into

    async def handle_here(
        self, participant_id: str, command: ParticipantCommand, context: CommandContext
    ) -> Handled[Participant]:
        """Carry the command out on this very participant.

        Raises:
            ParticipantMergedAwayError: It was merged; then nothing is written.
        """
        return await handle(
            self._store,
            participant_stream(participant_id),
            command,
            participant_decider,
            commit_id=context.commit_id,
            metadata=context.metadata,
            expected_version=context.expected_version,
        )
