"""Finding a card: by what a code names, or by any number that is printed on it or on its holder's papers (V-32)."""

import re
from datetime import date
from typing import Final

from ansinh_kit.clock import Clock
from ansinh_kit.decider import load
from ansinh_kit.event_store.store import EventStore

from records.domain.cards.card import HeldCard, card_to_show
from records.domain.cards.decide import card_decider
from records.domain.codes import compact
from records.domain.feeding.values import VIET_NAM
from records.domain.participant.details import NumberKey, insurance_key
from records.handlers.card_codes import CardNamed
from records.handlers.card_recording import card_stream
from records.handlers.participants import Participants
from records.storage.card_numbers import CardNumbers

_INSURANCE_NUMBER: Final = re.compile(r"[0-9]{10}")
_CITIZEN_NUMBER: Final = re.compile(r"[0-9]{12}")


class CardLookUp:
    """Answers with what is known now: look-ups are not asked as of a date.

    It asks the log, not a read model: whoever treats or pays for a person must not go by a card that was withdrawn
    while a projector is late. A person's cards are few, so that folding them costs no more than reading a view.
    """

    def __init__(
        self, *, store: EventStore, participants: Participants, card_numbers: CardNumbers, clock: Clock
    ) -> None:
        self._store = store
        self._participants = participants
        self._card_numbers = card_numbers
        self._clock = clock

    def today(self) -> date:
        """Return the day in Viet Nam, by which a card is valid or not."""
        return self._clock.now().astimezone(VIET_NAM).date()

    async def by_number(self, raw: str) -> HeldCard | None:
        """Return the card that a number finds, `None` if there is none.

        Args:
            raw: A card number (15 characters), a social-insurance number (10 digits) or a citizen number (12 digits).
                By a card number only a card that bears it is found; by the others the one that is valid today, else
                the one that began last.
        """
        number = compact(raw)
        if _INSURANCE_NUMBER.fullmatch(number):
            return await self._of_bearer(insurance_key(number))
        if _CITIZEN_NUMBER.fullmatch(number):
            return await self._of_bearer(("citizen_number", number))
        owner = await self._card_numbers.owner_of(number)
        return None if owner is None else self._to_show(await self._held(owner), bearing=number)

    async def by_code(self, named: CardNamed) -> HeldCard | None:
        """Return the card that a code names; `None` if it is not there any more."""
        held = await self._held(named.participant_id)
        return next((each for each in held if each.card_id == named.card_id), None)

    async def of_participant(self, participant_id: str) -> HeldCard | None:
        """Return the card the participant shows today: the valid one, else the one that began last."""
        return self._to_show(await self._held(participant_id))

    async def _of_bearer(self, number: NumberKey) -> HeldCard | None:
        bearer = await self._participants.find_by_number(number)
        return None if bearer is None else await self.of_participant(bearer.participant_id)

    async def _held(self, participant_id: str) -> list[HeldCard]:
        """Return the cards of the participant; none if they were moved to a survivor."""
        cards = (await load(self._store, card_stream(participant_id), card_decider)).state
        return list(cards.held.values()) if cards.moved_to is None else []

    def _to_show(self, held: list[HeldCard], *, bearing: str | None = None) -> HeldCard | None:
        return card_to_show((each for each in held if bearing in (None, each.card.card_number)), self.today())
