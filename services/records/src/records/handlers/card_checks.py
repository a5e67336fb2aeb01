"""The code a holder shows, and what a facility is told when it scans one."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from ansinh_kit.clock import Clock
from ansinh_kit.errors import NotFoundError, RefusedError

from records.domain.cards.card import CardState, HeldCard
from records.handlers.card_codes import CardCode, CardCodes, CardNamed
from records.handlers.card_look_up import CardLookUp


class NoCardError(NotFoundError):
    """The participant has no card."""

    code: ClassVar[str] = "no_card"


class CardNotValidError(RefusedError):
    """A card that is not valid today gets no code. `state` says why."""

    code: ClassVar[str] = "card_not_valid"

    def __init__(self, state: CardState) -> None:
        super().__init__(f"the card is {state}")
        self.state = state


class CardGoneError(NotFoundError):
    """The card behind a code of ours is not there any more: its record was merged or forgotten meanwhile."""

    code: ClassVar[str] = "card_gone"


@dataclass(frozen=True, slots=True)
class Checked:
    """A card, and what it is worth at the moment of the check."""

    held: HeldCard
    state: CardState
    at: datetime


class CardChecks:
    def __init__(self, *, codes: CardCodes, look_up: CardLookUp, clock: Clock) -> None:
        self._codes = codes
        self._look_up = look_up
        self._clock = clock

    async def code_of(self, participant_id: str) -> CardCode:
        """Return a fresh code for the participant's valid card.

        Raises:
            NoCardError: There is none.
            CardNotValidError: It is not valid today.
        """
        held = await self._look_up.of_participant(participant_id)
        if held is None:
            raise NoCardError
        state = held.state_on(self._look_up.today())
        if state != "valid":
            raise CardNotValidError(state)
        return self._codes.issue(CardNamed(participant_id, held.card_id))

    async def check(self, scanned: str) -> Checked:
        """Return the card behind a scanned code with its state now.

        Raises:
            CardCodeError: The code is not ours, forged, expired, or a paper card's.
            CardGoneError: The card is not there any more.
        """
        held = await self._look_up.by_code(self._codes.read(scanned))
        if held is None:
            raise CardGoneError
        return Checked(held, held.state_on(self._look_up.today()), self._clock.now())
