"""Facts of other services become messages: one per fact, kind and channel, however often the fact arrives."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

import structlog
from ansinh_contracts.auth import (
    AccountContact,
    AccountLockedV1,
    AccountOpenedV1,
    AccountUnlockedV1,
    ContactChangedV1,
    PasswordChangedV1,
    SessionRevokedV1,
)
from ansinh_contracts.records import (
    DisputeAnsweredV1,
    DisputeContact,
    DisputeSettledV1,
    NoticeContact,
    UnpaidNoticeIssuedV1,
)
from ansinh_contracts.registration import (
    ContactDetails,
    DeclarationRejectedV1,
    DeclarationResubmittedV1,
    DeclarationSubmittedV1,
    DuplicateDeclarationNoticedV1,
)
from ansinh_kit.clock import Clock
from ansinh_kit.decider import handle
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.integration_event import IntegrationEvent
from ansinh_kit.messaging.errors import PermanentError
from ansinh_kit.messaging.incoming import IncomingEvent
from ansinh_kit.personal_data.keyring import SubjectErasedError

from notifications.domain.commands import RequestMessage
from notifications.domain.content import (
    AccountLocked,
    AccountOpened,
    AccountTakenOver,
    AccountUnlocked,
    Channel,
    ContactChanged,
    ContactChangeTakenBack,
    CorrectionReceived,
    DeclarationReceived,
    DeclarationRejected,
    DisputeAnswered,
    DisputeSettled,
    DuplicateDeclaration,
    FormLine,
    Language,
    LateMonths,
    Notice,
    PasswordChanged,
    Reason,
    UnpaidMonths,
)
from notifications.domain.masking import masked
from notifications.domain.message import message_decider, message_id_of, stream_of
from notifications.templates.catalogue import CHANNELS, CURRENT_VERSION

log = structlog.get_logger(__name__)

Contact = ContactDetails | AccountContact | DisputeContact | NoticeContact
Fact = TypeVar("Fact", bound=IntegrationEvent)


class Notifier:
    """Process manager: each method answers the event it is named after.

    Args:
        worth_telling_for: After so long a message that could not be handed over is given up.
    """

    def __init__(self, store: EventStore, clock: Clock, *, worth_telling_for: timedelta) -> None:
        self._store = store
        self._clock = clock
        self._worth_telling_for = worth_telling_for

    async def declaration_submitted(self, incoming: IncomingEvent) -> None:
        event = _fact(incoming, DeclarationSubmittedV1)
        form = tuple(FormLine(field=line.field, value=line.value) for line in event.form or ())
        receipt = DeclarationReceived(dossier_number=event.dossier_number, due_at=event.due_at, form=form)
        await self._tell(incoming, event.person_id, event.language, event.contact, receipt)

    async def declaration_resubmitted(self, incoming: IncomingEvent) -> None:
        event = _fact(incoming, DeclarationResubmittedV1)
        receipt = CorrectionReceived(dossier_number=event.dossier_number, due_at=event.due_at)
        await self._tell(incoming, event.person_id, event.language, event.contact, receipt)

    async def declaration_rejected(self, incoming: IncomingEvent) -> None:
        event = _fact(incoming, DeclarationRejectedV1)
        if event.reasons is None:
            raise PermanentError("reasons_missing")
        reasons = tuple(Reason(field=reason.field, text=reason.text) for reason in event.reasons)
        refusal = DeclarationRejected(dossier_number=event.dossier_number, reasons=reasons)
        await self._tell(incoming, event.person_id, event.language, event.contact, refusal)

    async def duplicate_declaration_noticed(self, incoming: IncomingEvent) -> None:
        event = _fact(incoming, DuplicateDeclarationNoticedV1)
        warning = DuplicateDeclaration(dossier_number=event.dossier_number)
        await self._tell(incoming, event.person_id, event.language, event.contact, warning)

    async def account_opened(self, incoming: IncomingEvent) -> None:
        event = _fact(incoming, AccountOpenedV1)
        approval = AccountOpened(dossier_number=event.dossier_number)
        await self._tell(incoming, event.person_id, event.language, event.contact, approval)

    async def session_revoked(self, incoming: IncomingEvent) -> None:
        """Only a take-over is told: whoever logs out or changes the password knows, or is told by that event."""
        event = _fact(incoming, SessionRevokedV1)
        if event.reason != "replaced":
            return
        warning = AccountTakenOver(device_kind=event.new_device_kind or "unknown", happened_at=event.occurred_at)
        await self._tell(incoming, event.person_id, event.language, event.contact, warning)

    async def password_changed(self, incoming: IncomingEvent) -> None:
        event = _fact(incoming, PasswordChangedV1)
        notice = PasswordChanged(happened_at=event.occurred_at)
        await self._tell(incoming, event.person_id, event.language, event.contact, notice)

    async def account_locked(self, incoming: IncomingEvent) -> None:
        event = _fact(incoming, AccountLockedV1)
        notice = AccountLocked(by=event.by, happened_at=event.occurred_at)
        await self._tell(incoming, event.person_id, event.language, event.contact, notice)

    async def account_unlocked(self, incoming: IncomingEvent) -> None:
        event = _fact(incoming, AccountUnlockedV1)
        notice = AccountUnlocked(happened_at=event.occurred_at)
        await self._tell(incoming, event.person_id, event.language, event.contact, notice)

    async def contact_changed(self, incoming: IncomingEvent) -> None:
        """Tell it everywhere: at every contact the account has now, and at the one that counts no more."""
        event = _fact(incoming, ContactChangedV1)
        if event.contact is None:
            raise PermanentError("contact_missing")
        notice = _notice_of(event, event.contact)
        await self._tell(incoming, event.person_id, event.language, event.contact, notice)
        if event.earlier is not None:
            objectionable = _with_objection(event, notice)
            told = _Telling(event.person_id, event.language, event.contact.full_name, objectionable)
            await self._tell_at(incoming, told, "email" if event.slot == "email" else "sms", event.earlier, "earlier")

    async def dispute_answered(self, incoming: IncomingEvent) -> None:
        event = _fact(incoming, DisputeAnsweredV1)
        notice = DisputeAnswered(dispute_number=event.dispute_number)
        await self._tell_if_known(incoming, event, notice)

    async def dispute_settled(self, incoming: IncomingEvent) -> None:
        event = _fact(incoming, DisputeSettledV1)
        notice = DisputeSettled(dispute_number=event.dispute_number, outcome=event.outcome)
        await self._tell_if_known(incoming, event, notice)

    async def unpaid_notice_issued(self, incoming: IncomingEvent) -> None:
        event = _fact(incoming, UnpaidNoticeIssuedV1)
        if event.lines is None:
            raise PermanentError("lines_missing")
        lines = tuple(
            LateMonths(insurance=line.kind, employer=line.employer, from_month=line.from_month, to_month=line.to_month)
            for line in event.lines
        )
        await self._tell_if_known(incoming, event, UnpaidMonths(month=event.month, lines=lines))

    async def tell_on_all_contacts(
        self, incoming: IncomingEvent, person_id: str, language: Language, contact: Contact | None, notice: Notice
    ) -> None:
        """Tell the holder of an account; a member of staff has no contact on file, and is told nothing."""
        if contact is None:
            log.info("nobody_to_tell", event_id=incoming.event_id)
            return
        await self._tell(incoming, person_id, language, contact, notice)

    async def _tell_if_known(
        self,
        incoming: IncomingEvent,
        event: DisputeAnsweredV1 | DisputeSettledV1 | UnpaidNoticeIssuedV1,
        notice: Notice,
    ) -> None:
        """Tell the person, unless no contact is on record: many participants have none, and read it in the app."""
        if event.contact is None:
            log.info("nobody_to_tell", event_id=incoming.event_id)
            return
        await self._tell(incoming, event.participant_id, event.language, event.contact, notice)

    async def _tell(
        self, incoming: IncomingEvent, person_id: str, language: Language, contact: Contact | None, notice: Notice
    ) -> None:
        """Request an SMS and a mail, as far as the kind has them and the address is known."""
        if contact is None:
            raise PermanentError("contact_missing")
        second_phone = contact.second_phone if isinstance(contact, AccountContact) else None
        targets: tuple[tuple[Channel, str | None, str], ...] = (
            ("sms", contact.phone, ""),
            ("email", contact.email, ""),
            ("sms", second_phone, "second_phone"),
        )
        telling = _Telling(person_id, language, contact.full_name, _with_objection(incoming.event, notice))
        for channel, target, place in targets:
            if target and channel in CHANNELS[notice.kind]:
                await self._tell_at(incoming, telling, channel, target, place)

    async def _tell_at(
        self, incoming: IncomingEvent, telling: "_Telling", channel: Channel, target: str, place: str = ""
    ) -> None:
        now = self._clock.now()
        notice = telling.notice
        command = RequestMessage(
            message_id=message_id_of(incoming.event_id, notice.kind, channel, place),
            person_id=telling.person_id,
            source_event_id=incoming.event_id,
            channel=channel,
            language=telling.language,
            target=target,
            recipient_name=telling.recipient_name,
            notice=notice,
            template_version=CURRENT_VERSION[notice.kind],
            expires_at=now + self._worth_telling_for,
            now=now,
        )
        await self._request(incoming, command)

    async def _request(self, incoming: IncomingEvent, command: RequestMessage) -> None:
        try:
            await handle(
                self._store,
                stream_of(command.message_id),
                command,
                message_decider,
                commit_id=f"{command.message_id}/request",
                metadata=incoming.metadata_for("notifications"),
            )
        except SubjectErasedError:
            # Forgotten while the event was on its way: there is nobody left to tell, and nothing to keep.
            log.info("recipient_erased", message_id=command.message_id)


@dataclass(frozen=True, slots=True)
class _Telling:
    """Whom a message is for, and what it says."""

    person_id: str
    language: Language
    recipient_name: str
    notice: Notice


def _with_objection(event: IntegrationEvent, notice: Notice) -> Notice:
    """Return the notice with the event's objection code, where both know of one."""
    code = getattr(event, "objection_code", None)
    if code is None or "objection_code" not in type(notice).model_fields:
        return notice
    return notice.model_copy(update={"objection_code": code})


def _notice_of(event: ContactChangedV1, contact: AccountContact) -> Notice:
    if event.taken_back:
        return ContactChangeTakenBack(slot=event.slot, happened_at=event.occurred_at)
    value = {"phone": contact.phone, "email": contact.email, "second_phone": contact.second_phone}[event.slot]
    return ContactChanged(
        slot=event.slot,
        masked_contact=masked(value or ""),
        happened_at=event.occurred_at,
    )


def _fact(incoming: IncomingEvent, kind: type[Fact]) -> Fact:
    if not isinstance(incoming.event, kind):
        raise PermanentError("unexpected_event")
    return incoming.event
