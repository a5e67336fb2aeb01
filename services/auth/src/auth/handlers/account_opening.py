"""A declaration was found valid: its holder gets an account, once, however often it is heard (I5, S-93)."""

import uuid
from typing import ClassVar, Final

import structlog
from ansinh_contracts.auth import ContactSlot
from ansinh_contracts.registration import AccountHolder, DeclarationValidV1
from ansinh_kit.clock import Clock
from ansinh_kit.decider import handle
from ansinh_kit.errors import DomainError, UnavailableError
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.messaging.incoming import IncomingEvent
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.reservations import AlreadyReservedError

from auth.domain.access.state import Access
from auth.domain.account import ACCOUNT, AccountNotOpenError, NoteFurtherDeclaration, OpenAccount, stream_of
from auth.domain.recipients import Recipient
from auth.handlers.activation_links import ActivationLinks
from auth.handlers.contact_seats import FAMILY, ContactSeats, ContactTakenError
from auth.storage.access_documents import AccessDocuments
from auth.storage.access_entries import Entry
from auth.storage.identities import Identities, IdentityKey

log = structlog.get_logger(__name__)

_ACCOUNT_IDS: Final = uuid.UUID("0d5a1c1e-2f0b-4c63-9f0e-4d3f6f4b7a52")


class HolderMissingError(DomainError):
    """The event came without the holder sealed for this service: its producer or its keys are at fault."""

    code: ClassVar[str] = "holder_missing"


class IdentityTakenError(DomainError):
    """The numbers belong to two accounts, or one belongs to another person's: an operator has to look."""

    code: ClassVar[str] = "identity_taken"


class AccountOpening:
    """Process manager over registration's word."""

    def __init__(
        self,
        *,
        store: EventStore,
        identities: Identities,
        seats: ContactSeats,
        access: AccessDocuments,
        links: ActivationLinks,
        cipher: PersonalDataCipher,
        clock: Clock,
    ) -> None:
        self._store = store
        self._cipher = cipher
        self._identities = identities
        self._seats = seats
        self._access = access
        self._links = links
        self._clock = clock

    async def declaration_valid(self, incoming: IncomingEvent) -> None:
        """Open the account of the declaration's holder, unless there is one (I5).

        Every step can be done again, in this order, and the first refusal comes before the first event.

        Raises:
            HolderMissingError, IdentityTakenError: To be parked.
            ContactTakenError: To be parked: five accounts have the phone (LIM-22). An operator replays it once one has
                left it.
            UnavailableError: To be tried again.
        """
        event = incoming.event
        if not isinstance(event, DeclarationValidV1):
            raise HolderMissingError
        if await self._cipher.is_forgotten(event.person_id):
            return  # a late delivery would reserve the person's numbers again
        if event.holder is None:
            raise HolderMissingError
        keys = self._keys(event.holder)
        account_id = uuid.uuid5(_ACCOUNT_IDS, event.declaration_id).hex
        try:
            await self._identities.reserve(keys, account_id=account_id, commit_id=incoming.event_id)
        except AlreadyReservedError:
            await self._note_further(event, keys, incoming)
            return
        await self._open(event, event.holder, account_id, incoming)

    def _keys(self, holder: AccountHolder) -> tuple[IdentityKey, IdentityKey]:
        return (
            self._identities.of_insurance_number(holder.social_insurance_number),
            self._identities.of_identity(holder.identity_kind, holder.identity_number),
        )

    async def _open(
        self, event: DeclarationValidV1, declared: AccountHolder, account_id: str, incoming: IncomingEvent
    ) -> None:
        holder = await self._with_seats(declared, account_id, incoming)
        command = OpenAccount(
            account_id=account_id,
            person_id=event.person_id,
            declaration_id=event.declaration_id,
            dossier_number=event.dossier_number,
            language=event.language,
            agency_code=event.agency_code,
            found_valid_at=event.occurred_at,
            now=self._clock.now(),
            **holder.model_dump(),
        )
        await handle(
            self._store,
            stream_of(account_id),
            command,
            ACCOUNT,
            commit_id=incoming.event_id,
            metadata=incoming.metadata_for("auth"),
        )
        access = Access(account_id=account_id, person_id=event.person_id)
        await self._access.create(Entry(access=access, kind="citizen"))
        if holder.email is not None:
            await self._send_link(event, account_id, holder.email)

    async def _send_link(self, event: DeclarationValidV1, account_id: str, email: str) -> None:
        to = Recipient(
            account_id=account_id,
            person_id=event.person_id,
            slot="email",
            address=email,
            version=1,
            language=event.language,
        )
        await self._links.send_first(to, event.declaration_id)

    async def _with_seats(self, declared: AccountHolder, account_id: str, incoming: IncomingEvent) -> AccountHolder:
        """Return the holder with the contacts the account may have; without a phone there is no account (LIM-22).

        An officer found the declaration valid, so a family may share what it declares.
        """
        await self._take_seat("phone", declared.phone, account_id, incoming)
        if declared.email is None:
            return declared
        try:
            await self._take_seat("email", declared.email, account_id, incoming)
        except ContactTakenError:
            log.warning("account_opened_without_shared_address", account_id=account_id)
            return declared.model_copy(update={"email": None})
        return declared

    async def _take_seat(self, slot: ContactSlot, value: str, account_id: str, incoming: IncomingEvent) -> None:
        await self._seats.take(
            slot, value, account_id=account_id, most=FAMILY, commit_id=incoming.event_id, now=self._clock.now()
        )

    async def _note_further(
        self, event: DeclarationValidV1, keys: tuple[IdentityKey, IdentityKey], incoming: IncomingEvent
    ) -> None:
        owners = {await self._identities.find_account(key) for key in keys}
        owner = owners.pop()
        if owners or owner is None:
            raise IdentityTakenError
        command = NoteFurtherDeclaration(
            declaration_id=event.declaration_id,
            dossier_number=event.dossier_number,
            agency_code=event.agency_code,
            found_valid_at=event.occurred_at,
            now=self._clock.now(),
        )
        try:
            await handle(
                self._store,
                stream_of(owner),
                command,
                ACCOUNT,
                commit_id=incoming.event_id,
                metadata=incoming.metadata_for("auth"),
            )
        except AccountNotOpenError as error:
            # The one that reserved the numbers is about to open the account.
            raise UnavailableError("account") from error
