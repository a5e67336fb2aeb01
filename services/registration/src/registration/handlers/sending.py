"""Sending a declaration, for the first time or corrected: reserve the person, number the dossier, decide, append.

A second open declaration of the same person is refused by the decider and then set aside, and its sender gets the
answer everyone gets: who knows a number must not learn from us whether its owner is registering (ADR-0006).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from ansinh_kit.clock import Clock
from ansinh_kit.decider import handle, load
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.events import RecordedEvent
from ansinh_kit.reservations import AlreadyReservedError

from registration.domain.deadline import OfficeCalendar
from registration.domain.declaration import commands as asked
from registration.domain.declaration import events as happened
from registration.domain.declaration.decide import declaration_decider
from registration.domain.declaration.decide_for_declarant import refuse_uncorrected, refuse_unsendable
from registration.domain.declaration.errors import DeclarationNotFoundError, SecondOpenDeclarationError
from registration.domain.declaration.state import Declaration
from registration.domain.form import Form
from registration.handlers.context import CommandContext, declaration_stream
from registration.handlers.drafting import hash_of_token
from registration.handlers.place_names import place_names
from registration.storage.dossier_numbers import DossierNumbers
from registration.storage.open_declarations import OpenDeclarations
from registration.storage.reference import Reference


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the sender is told: the same whether the declaration is queued or set aside."""

    dossier_number: str
    agency_code: str
    received_at: datetime
    due_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class _Sender:
    """The declaration as it stood when its sending was asked for; `context` names that version."""

    declaration_id: str
    state: Declaration
    context: CommandContext


# Each builds its command, given the other open declaration of the same person.
_Attempt = Callable[[str | None], asked.SubmitDeclaration | asked.ResubmitDeclaration]
_Aside = Callable[[str], asked.SetDeclarationAside]


class Sending:
    def __init__(
        self,
        *,
        store: EventStore,
        clock: Clock,
        numbers: DossierNumbers,
        open_declarations: OpenDeclarations,
        reference: Reference,
        calendar: OfficeCalendar,
    ) -> None:
        self._store = store
        self._clock = clock
        self._numbers = numbers
        self._open_declarations = open_declarations
        self._reference = reference
        self._calendar = calendar

    async def submit(self, declaration_id: str, token: str, context: CommandContext) -> Receipt:
        """Send the draft; when this returns, the declaration has its number and the agency has it.

        Raises:
            IncompleteDeclarationError: Names what is missing.
            AlreadySubmittedError: It was sent before, by another request.
        """
        sender = await self._sender(declaration_id, token, context)
        earlier = await self._store.find_commit(context.commit_id)
        if earlier is not None:
            return _receipt(earlier.events, earlier.version)
        agency_code = refuse_unsendable(sender.state)
        now = self._clock.now()
        number = await self._numbers.next(agency_code, at=now)
        names = await place_names(sender.state.form, self._reference)
        due_at = self._calendar.due_after(now)
        return await self._sent(
            sender,
            lambda other: asked.SubmitDeclaration(
                dossier_number=number, due_at=due_at, open_declaration_id=other, names=names, at=now
            ),
            lambda other: asked.SetDeclarationAside(
                dossier_number=number, due_at=due_at, open_declaration_id=other, names=names, at=now
            ),
        )

    async def resubmit(self, declaration_id: str, token: str, context: CommandContext) -> Receipt:
        """Send the corrected declaration again, under its dossier number.

        Raises:
            NotCorrectedError: Names the rejected fields that are still as they were.
            NotRejectedError: There is nothing to correct.
        """
        sender = await self._sender(declaration_id, token, context)
        earlier = await self._store.find_commit(context.commit_id)
        if earlier is not None:
            return _receipt(earlier.events, earlier.version)
        refuse_uncorrected(sender.state)
        now = self._clock.now()
        due_at = self._calendar.due_after(now)
        names = await place_names(sender.state.form, self._reference)
        receipt = await self._sent(
            sender,
            lambda other: asked.ResubmitDeclaration(due_at=due_at, open_declaration_id=other, at=now),
            lambda other: asked.SetDeclarationAside(
                dossier_number=None, due_at=due_at, open_declaration_id=other, names=names, at=now
            ),
        )
        # The numbers that were corrected are free for whoever they belong to.
        await self._open_declarations.release_changed(
            sender.state.rejected_form, sender.state.form, declaration_id=declaration_id
        )
        return receipt

    async def _sender(self, declaration_id: str, token: str, context: CommandContext) -> _Sender:
        loaded = await load(self._store, declaration_stream(declaration_id), declaration_decider)
        if not loaded.state.is_held_by(hash_of_token(token)):
            raise DeclarationNotFoundError
        # Numbers are reserved for the form just read: the decision must be made on that version and no other.
        pinned = context if context.expected_version is not None else replace(context, expected_version=loaded.version)
        return _Sender(declaration_id, loaded.state, pinned)

    async def _sent(self, sender: _Sender, attempt: _Attempt, aside: _Aside) -> Receipt:
        try:
            return await self._sent_alone(sender, attempt)
        except AlreadyReservedError as taken:
            other = taken.owner
        if await self._holds_in_vain(other, sender.state.form):
            await self._open_declarations.release(sender.state.form, declaration_id=other)
            try:
                return await self._sent_alone(sender, attempt)
            except AlreadyReservedError as taken:
                other = taken.owner
        try:
            return await self._decided(sender, attempt(other))
        except SecondOpenDeclarationError:
            return await self._set_aside(sender, aside(other))

    async def _sent_alone(self, sender: _Sender, attempt: _Attempt) -> Receipt:
        held = self._open_declarations.held(
            sender.state.form, declaration_id=sender.declaration_id, commit_id=sender.context.commit_id
        )
        async with held:
            return await self._decided(sender, attempt(None))

    async def _holds_in_vain(self, declaration_id: str, form: Form) -> bool:
        """Say whether a process died between ending or correcting this declaration and giving up its numbers."""
        owner = (await load(self._store, declaration_stream(declaration_id), declaration_decider)).state
        if owner.status in ("withdrawn", "set_aside", "forgotten"):
            return True
        if owner.status in ("absent", "draft"):
            # Its sending may be under way this moment; if it died, the sweep frees what it reserved.
            return False
        forms = [owner.form, owner.rejected_form] if owner.status == "rejected" else [owner.form]
        return not any(self._open_declarations.shared(held, form) for held in forms)

    async def _set_aside(self, sender: _Sender, aside: asked.SetDeclarationAside) -> Receipt:
        # The contact on file first: if this process dies in between, the sender repeats and nothing is lost.
        await handle(
            self._store,
            declaration_stream(aside.open_declaration_id),
            asked.NoticeDuplicate(other_declaration_id=sender.declaration_id, at=aside.at),
            declaration_decider,
            commit_id=sender.context.derived("notice"),
            metadata=sender.context.metadata,
        )
        return await self._decided(sender, aside)

    async def _decided(self, sender: _Sender, command: asked.DeclarationCommand) -> Receipt:
        handled = await handle(
            self._store,
            declaration_stream(sender.declaration_id),
            command,
            declaration_decider,
            commit_id=sender.context.commit_id,
            metadata=sender.context.metadata,
            expected_version=sender.context.expected_version,
        )
        return _receipt(handled.events, handled.version)


def _receipt(recorded: tuple[RecordedEvent, ...], version: int) -> Receipt:
    for each in recorded:
        event = each.event
        if isinstance(
            event, happened.DeclarationSubmitted | happened.DeclarationResubmitted | happened.DeclarationSetAside
        ):
            return Receipt(event.dossier_number, event.agency_code, event.occurred_at, event.due_at, version)
    raise TypeError("the commit holds no sending")
