"""Under which ids a person's record has been kept: its own, and those of the duplicates that were merged into it."""

from records.handlers.participants import Participants


class RecordIds:
    """What happened under a duplicate's id, a read by staff or a dispute, stays there and is still the person's."""

    def __init__(self, participants: Participants) -> None:
        self._participants = participants

    async def of(self, participant_id: str) -> list[str]:
        """Return the ids, the record's own first, then those of the duplicates and of theirs."""
        ids = [participant_id]
        for each in ids:  # grows while it is walked: a duplicate may have had duplicates
            absorbed = (await self._participants.load(each)).state.absorbed
            ids.extend(sorted(absorbed - set(ids)))
        return ids

    async def of_any(self, participant_id: str) -> list[str]:
        """Return the ids of the record that this id is one of; of no record's id that id alone."""
        record = (await self._participants.load(participant_id)).state
        while record.merged_into is not None:
            record = (await self._participants.load(record.merged_into)).state
        return await self.of(record.participant_id or participant_id)
