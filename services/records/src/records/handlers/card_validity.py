"""Whether a card is valid, told to whoever knows its number, name and birth date (V-04)."""

from records.domain.cards.card import HeldCard
from records.domain.look_up.card_question import CardQuestion
from records.handlers.card_look_up import CardLookUp
from records.handlers.look_up_limits import LookUpGuard


class CardValidity:
    def __init__(self, *, look_up: CardLookUp, guard: LookUpGuard) -> None:
        self._look_up = look_up
        self._guard = guard

    async def find(self, question: CardQuestion, *, address: str) -> HeldCard | None:
        """Return the card that fits all three; `None` if there is none, or its name or birth date is another.

        Raises:
            TooManyAttemptsError: Too often, by `LookUpLimits`; the same for cards on record and others.
        """
        await self._guard.admit(address, person=question.asked_about())
        held = await self._look_up.by_number(question.number)
        return held if held is not None and question.fits(held.card) else None
