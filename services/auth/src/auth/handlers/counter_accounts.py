"""Whose account an officer has before them: both numbers off the papers, and an agency that is in charge (ADR-0023)."""

from dataclasses import dataclass, field

from ansinh_kit.errors import NotFoundError

from auth.storage.holders import Holders
from auth.storage.identities import Identities


@dataclass(frozen=True, slots=True)
class Officer:
    """Who acts, and for which agency."""

    staff_id: str
    agency_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """What the officer reads off the papers: both must be one account's."""

    social_insurance_number: str = field(repr=False)
    identity_number: str = field(repr=False)


class CounterAccounts:
    def __init__(self, *, identities: Identities, holders: Holders) -> None:
        self._identities = identities
        self._holders = holders

    async def get(self, numbers: Numbers, officer: Officer) -> str:
        """Return the id of the account that both numbers are of.

        Raises:
            NotFoundError: They are not one account's, or another agency is in charge of it: nobody learns which.
        """
        number = self._identities.of_insurance_number(numbers.social_insurance_number)
        papers = self._identities.of_any_identity(numbers.identity_number)
        account_id = await self._identities.find_agreeing(number, papers)
        if account_id is None or not (await self._holders.account(account_id)).is_in_charge(officer.agency_code):
            raise NotFoundError
        return account_id
