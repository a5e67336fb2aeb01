"""What auth does because another service said so. Every reaction may come twice and changes things once."""

import uuid
from datetime import datetime
from typing import ClassVar, Final

import structlog
from ansinh_contracts.auth import ContactSlot
from ansinh_contracts.notifications import (
    SMS_BUDGET,
    MessageAcceptedV1,
    MessageDeliveredV1,
    MessageFailedV1,
    MessageHeldBackV1,
)
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
from auth.storage.challenges import Challenges
from auth.storage.deliveries import Deliveries
from auth.storage.identities import Identities, IdentityKey

log = structlog.get_logger(__name__)

_ACCOUNT_IDS: Final = uuid.UUID("0d5a1c1e-2f0b-4c63-9f0e-4d3f6f4b7a52")


class HolderMissingError(DomainError):
    """The event came without the holder sealed for this service: its producer or its keys are at fault."""

    code: ClassVar[str] = "holder_missing"


class IdentityTakenError(DomainError):
    """The numbers belong to two accounts, or one belongs to another person's: an operator has to look."""

    code: ClassVar[str] = "identity_taken"


class Reactions:
    def __init__(
        self,
        *,
        store: EventStore,
        identities: Identities,
        seats: ContactSeats,
        access: AccessDocuments,
        challenges: Challenges,
        deliveries: Deliveries,
        links: ActivationLinks,
        cipher: PersonalDataCipher,
        clock: Clock,
    ) -> None:
        self._store = store
        self._cipher = cipher
        self._identities = identities
        self._seats = seats
        self._access = access
        self._challenges = challenges
        self._deliveries = deliveries
        self._links = links
        self._clock = clock

    async def declaration_valid(self, incoming: IncomingEvent) -> None:
        """Open the account of the declaration's holder, unless there is one (I5).

        Every step can be done again, in this order, and the first refusal comes before the first event.

        Raises:
            HolderMissingError, IdentityTakenError: To be parked.
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

    async def message_accepted(self, incoming: IncomingEvent) -> None:
        """Let the life of the code count from its hand-over to the carrier (LIM-06)."""
        event = incoming.event
        if isinstance(event, MessageAcceptedV1) and event.challenge_id is not None:
            handed_over_at = min(event.occurred_at, self._clock.now())
            await self._challenges.note_hand_over(event.challenge_id, event.message_id, handed_over_at)

    async def message_delivered(self, incoming: IncomingEvent) -> None:
        event = incoming.event
        if isinstance(event, MessageDeliveredV1) and event.challenge_id is not None:
            await self._deliveries.note_delivered(event.challenge_id, event.message_id, event.occurred_at)

    async def message_held_back(self, incoming: IncomingEvent) -> None:
        """Say so on the code screen; if it is for a budget, promise nobody else a code that would not leave either."""
        event = incoming.event
        if isinstance(event, MessageHeldBackV1):
            await self._deliveries.note_held_back(event.challenge_id, event.message_id, event.retry_at)
            await self._close_range(event.challenge_id, event.reason, event.retry_at)

    async def message_failed(self, incoming: IncomingEvent) -> None:
        event = incoming.event
        if isinstance(event, MessageFailedV1) and event.challenge_id is not None:
            await self._deliveries.note_failed(event.challenge_id, event.message_id, event.occurred_at, event.retry_at)
            await self._close_range(event.challenge_id, event.reason, event.retry_at)

    async def _close_range(self, challenge_id: str, reason: str, until: datetime | None) -> None:
        if reason == SMS_BUDGET and until is not None:
            await self._deliveries.close_range(challenge_id, until)

    def _keys(self, holder: AccountHolder) -> tuple[IdentityKey, IdentityKey]:
        return (
            self._identities.of_insurance_number(holder.social_insurance_number),
            self._identities.of_identity(holder.identity_kind, holder.identity_number),
        )

    async def _open(
        self, event: DeclarationValidV1, holder: AccountHolder, account_id: str, incoming: IncomingEvent
    ) -> None:
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
        await self._take_seats(holder, account_id, incoming)
        access = Access(account_id=account_id, person_id=event.person_id)
        await self._access.create(Entry(access=access, kind="citizen"))
        if holder.email is not None:
            to = Recipient(
                account_id=account_id,
                person_id=event.person_id,
                slot="email",
                address=holder.email,
                version=1,
                language=event.language,
            )
            await self._links.send_first(to, event.declaration_id)

    async def _take_seats(self, holder: AccountHolder, account_id: str, incoming: IncomingEvent) -> None:
        """Note whose the declared contacts are; an officer let the declaration pass, so a family may share them."""
        declared: tuple[tuple[ContactSlot, str | None], ...] = (("phone", holder.phone), ("email", holder.email))
        for slot, value in declared:
            if value is None:
                continue
            try:
                await self._seats.take(
                    slot,
                    value,
                    account_id=account_id,
                    most=FAMILY,
                    commit_id=incoming.event_id,
                    now=self._clock.now(),
                )
            except ContactTakenError:
                log.warning("contact_shared_too_often", account_id=account_id, slot=slot)

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
