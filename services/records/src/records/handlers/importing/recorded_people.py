"""Whose numbers are whose, as the log has it: for a whole chunk with a question for each step, not for each row."""

from collections.abc import Collection, Mapping

from ansinh_kit.event_store.store import EventStore
from ansinh_kit.personal_data.cipher import PersonalDataCipher

from records.domain.participant.decide import participant_decider
from records.domain.participant.state import Participant
from records.handlers.importing.people import Insured, Number
from records.handlers.participants import Participants, participant_stream
from records.storage.numbers import ParticipantNumbers


class RecordedPeople:
    """`People` over reservations and participants' streams."""

    def __init__(
        self,
        *,
        numbers: ParticipantNumbers,
        participants: Participants,
        store: EventStore,
        cipher: PersonalDataCipher,
    ) -> None:
        self._numbers = numbers
        self._participants = participants
        self._store = store
        self._cipher = cipher

    async def find(self, numbers: Collection[Number]) -> Mapping[Number, Insured]:
        owners = await self._numbers.find_owners(numbers)
        people = await self._standing(frozenset(owners.values()))
        return {number: people[owner] for number, owner in owners.items() if owner in people}

    async def _standing(self, owners: Collection[str]) -> dict[str, Insured]:
        """Return the participants that go by these ids; for a merged one the survivor."""
        await self._cipher.prepare(owners)
        streams = await self._store.read_streams([participant_stream(owner) for owner in owners])
        people: dict[str, Insured] = {}
        for owner in owners:
            history = [recorded.event for recorded in streams[participant_stream(owner)]]
            state = participant_decider.fold(history)  # type: ignore[arg-type]  # this stream holds no other events
            if state.merged_into is not None:
                state = (await self._participants.standing(state.merged_into)).state
            if state.status == "active":
                people[owner] = _insured(state)
        return people


def _insured(state: Participant) -> Insured:
    born = None if state.identity is None else state.identity.birth_date
    return Insured(
        participant_id=state.participant_id,
        agency_code=state.agency_code,
        born=None if born is None else born.earliest(),
        restricted=state.restricted,
        barred_staff=state.barred_staff,
    )
