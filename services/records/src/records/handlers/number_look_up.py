"""A person finds the own social-insurance number without an account (V-02, S-55)."""

from typing import Final

from ansinh_kit.personal_data.blind_index import BlindIndex

from records.domain.look_up.number_keys import NumberQuestion
from records.handlers.look_up_limits import LookUpGuard
from records.projections.read_model import ReadModel

_ENOUGH_TO_TELL: Final = 2


class NumberLookUp:
    def __init__(self, *, people: ReadModel, blind_index: BlindIndex, guard: LookUpGuard) -> None:
        self._people = people
        self._blind_index = blind_index
        self._guard = guard

    async def find(self, question: NumberQuestion, *, address: str) -> str | None:
        """Return the number of the one person who fits; `None` if nobody does, or more than one: which is not told.

        Raises:
            TooManyAttemptsError: Too often, by `LookUpLimits`; the same for people on record and others.
        """
        await self._guard.admit(address, person=question.asked_about(), name=question.asked_name())
        indexes = [index for key in question.looked_for_by() for index in self._blind_index.all_of(*key)]
        found = await self._people.find({"keys": {"$in": indexes}}, sort=[("_id", 1)], limit=_ENOUGH_TO_TELL)
        numbers = [document["social_insurance_number"] for document in found]
        return numbers[0] if len(numbers) == 1 else None
