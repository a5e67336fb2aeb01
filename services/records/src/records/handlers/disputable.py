"""What a person may point at in the own record when disputing it."""

from typing import assert_never

from ansinh_kit.decider import load
from ansinh_kit.event_store.store import EventStore

from records.domain.benefits.decide import benefit_decider
from records.domain.cards.decide import card_decider
from records.domain.contributions.decide import contributions_decider
from records.domain.dispute.matter import IDENTITY_FIELDS, Subject
from records.domain.visits.decide import visit_decider
from records.handlers.benefits import benefit_stream
from records.handlers.card_recording import card_stream
from records.handlers.contributing import contributions_stream
from records.handlers.visits import visit_stream


class DisputableRecords:
    """`Disputable` over the log: what was recorded a second ago can be disputed, and so can what was withdrawn."""

    def __init__(self, store: EventStore) -> None:
        self._store = store

    async def knows(self, participant_id: str, subject: Subject, reference: str) -> bool:
        match subject:
            case "period":
                return await self._knows_period(participant_id, reference)
            case "benefit":
                benefits = await load(self._store, benefit_stream(participant_id), benefit_decider)
                return benefits.state.knows(reference)
            case "card":
                cards = await load(self._store, card_stream(participant_id), card_decider)
                return reference in cards.state.held
            case "visit":
                visits = await load(self._store, visit_stream(participant_id), visit_decider)
                return visits.state.knows(reference)
            case "identity":
                return reference in IDENTITY_FIELDS
            case _:
                assert_never(subject)

    async def _knows_period(self, participant_id: str, period_id: str) -> bool:
        contributions = (await load(self._store, contributions_stream(participant_id), contributions_decider)).state
        return period_id in contributions.periods or period_id in contributions.withdrawn
