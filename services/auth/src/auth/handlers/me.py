"""What auth knows about the one who asks."""

from dataclasses import dataclass

from auth.domain.recipients import masked_phone
from auth.handlers.consents import TermsOfUse
from auth.storage.access_documents import AccessDocuments
from auth.storage.access_entries import AccessKind
from auth.storage.holders import Holders


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    kind: AccessKind
    account_id: str
    person_id: str
    full_name: str | None = None
    social_insurance_number: str | None = None
    masked_phone: str | None = None
    roles: tuple[str, ...] = ()
    agency_code: str | None = None
    terms_due: bool = False


class WhoAmI:
    def __init__(self, *, access: AccessDocuments, holders: Holders, terms: TermsOfUse) -> None:
        self._access = access
        self._holders = holders
        self._terms = terms

    async def __call__(self, account_id: str) -> Profile | None:
        entry = await self._access.find(account_id)
        if entry is None:
            return None
        holder = await self._holders.find(account_id)
        return Profile(
            kind=entry.kind,
            account_id=account_id,
            person_id=entry.access.person_id,
            full_name=None if holder is None else holder.full_name,
            social_insurance_number=None if holder is None else holder.social_insurance_number,
            masked_phone=None if holder is None else masked_phone(holder.phone),
            roles=entry.roles,
            agency_code=entry.agency_code,
            terms_due=entry.kind == "citizen" and await self._terms.are_due(account_id),
        )
