"""People dispute what stands in their record; officers of the managing agency answer and settle."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final, Literal, Protocol

from ansinh_kit.clock import Clock
from ansinh_kit.decider import Handled, Loaded, handle, load
from ansinh_kit.errors import FieldViolation, InvalidFieldsError
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.events import RecordedEvent
from ansinh_kit.working_days import WorkingDays

from records.domain.dispute import commands as asked
from records.domain.dispute.commands import DisputeCommand, OfficerCommand
from records.domain.dispute.decide import dispute_decider
from records.domain.dispute.decide_for_officer import refuse_other_agencies
from records.domain.dispute.errors import DisputeNotFoundError
from records.domain.dispute.events import Contact, DisputeOpened
from records.domain.dispute.matter import UNKNOWN_REFERENCE, Matter, Subject
from records.domain.dispute.state import Dispute
from records.domain.language import Language
from records.domain.offices import Officer
from records.handlers.context import CommandContext
from records.storage.dispute_numbers import DisputeNumbers

_STREAM_PREFIX: Final = "dispute"


@dataclass(frozen=True, slots=True)
class Disputant:
    """What a dispute takes over from the record: who manages it, and whom to tell if that is known."""

    agency_code: str
    contact: Contact | None


class Disputants(Protocol):
    async def find(self, participant_id: str) -> Disputant | None:
        """Return what is known of the participant now, or of the one it was merged into; `None` if there is none."""
        ...


class Disputable(Protocol):
    async def knows(self, participant_id: str, subject: Subject, reference: str) -> bool:
        """Say whether the record has, or had, it: a row by its id, a value of the identity by its name."""
        ...


@dataclass(frozen=True, slots=True)
class AnswerDays:
    """Until when the agency owes an answer: `days` working days of `calendar` (V-27)."""

    calendar: WorkingDays
    days: int


class Disputes:
    def __init__(
        self,
        *,
        store: EventStore,
        clock: Clock,
        disputants: Disputants,
        disputable: Disputable,
        numbers: DisputeNumbers,
        answer_days: AnswerDays,
    ) -> None:
        self._store = store
        self._clock = clock
        self._disputants = disputants
        self._disputable = disputable
        self._numbers = numbers
        self._answer_days = answer_days

    async def open(
        self,
        participant_id: str,
        matter: Matter,
        *,
        words: str,
        opened_by: Literal["participant", "guardian"],
        language: Language,
        context: CommandContext,
    ) -> Handled[Dispute]:
        """Open a dispute with the managing agency; the same command again returns the first one.

        Args:
            words: As `own_words` returned them.

        Raises:
            DisputeNotFoundError: There is no such record to dispute anything in.
            InvalidFieldsError: The record has nothing that the reference names.
        """
        disputant = await self._disputants.find(participant_id)
        if disputant is None:
            raise DisputeNotFoundError
        await self._refuse_unknown(participant_id, matter)
        now = self._clock.now()
        command = asked.OpenDispute(
            dispute_id=context.derived("dispute"),
            participant_id=participant_id,
            number=await self._numbers.next(disputant.agency_code, now),
            matter=matter,
            words=words,
            agency_code=disputant.agency_code,
            opened_by=opened_by,
            language=language,
            contact=disputant.contact,
            due_at=self._answer_days.calendar.closing_after(now, self._answer_days.days),
            at=now,
        )
        return await self._handled(command.dispute_id, command, context)

    async def _refuse_unknown(self, participant_id: str, matter: Matter) -> None:
        if matter.reference is None:  # something that should be there and is not
            return
        if not await self._disputable.knows(participant_id, matter.subject, matter.reference):
            raise InvalidFieldsError([FieldViolation("reference", UNKNOWN_REFERENCE.name)])

    async def withdraw(
        self, dispute_id: str, participant_ids: Collection[str], context: CommandContext
    ) -> Handled[Dispute]:
        """Take the dispute back at the wish of its person.

        Raises:
            DisputeNotFoundError: There is none, or it is another person's.
            DisputeSettledError: It is over.
        """
        opened, _ = await self.of_participant(dispute_id, participant_ids)
        command = asked.WithdrawDispute(participant_id=opened.participant_id, at=self._clock.now())
        return await self._handled(dispute_id, command, context)

    async def assign(self, dispute_id: str, officer: Officer, context: CommandContext) -> Handled[Dispute]:
        return await self._by_officer(dispute_id, asked.AssignDispute(officer=officer, at=self._clock.now()), context)

    async def answer(self, dispute_id: str, officer: Officer, answer: str, context: CommandContext) -> Handled[Dispute]:
        command = asked.AnswerDispute(officer=officer, answer=answer, at=self._clock.now())
        return await self._by_officer(dispute_id, command, context)

    async def settle(
        self,
        dispute_id: str,
        officer: Officer,
        outcome: Literal["corrected", "stands"],
        answer: str,
        context: CommandContext,
    ) -> Handled[Dispute]:
        command = asked.SettleDispute(officer=officer, outcome=outcome, answer=answer, at=self._clock.now())
        return await self._by_officer(dispute_id, command, context)

    async def escalate(self, dispute_id: str, context: CommandContext) -> Handled[Dispute]:
        """Pass the dispute to the provincial office; nothing happens if it was, or is over.

        Raises:
            NotOverdueError: The agency still has time.
        """
        return await self._handled(dispute_id, asked.EscalateDispute(at=self._clock.now()), context)

    async def of_participant(
        self, dispute_id: str, participant_ids: Collection[str]
    ) -> tuple[DisputeOpened, Loaded[Dispute]]:
        """Return the person's dispute as it stands.

        Args:
            participant_ids: Every id the person's record has been kept under.

        Raises:
            DisputeNotFoundError: There is none, or it is another person's.
        """
        loaded = await load(self._store, dispute_stream(dispute_id), dispute_decider)
        opened = loaded.state.opened
        if opened is None or opened.participant_id not in participant_ids:
            raise DisputeNotFoundError
        return opened, loaded

    async def history(self, dispute_id: str) -> Sequence[RecordedEvent]:
        """Return everything that happened to the dispute, oldest first."""
        return await self._store.read_stream(dispute_stream(dispute_id))

    async def _by_officer(self, dispute_id: str, command: OfficerCommand, context: CommandContext) -> Handled[Dispute]:
        """Handle the command if the officer may know of the dispute.

        Asked before anything else: 412 for a wrong version and 404 for the right one would tell that it is there.
        """
        loaded = await load(self._store, dispute_stream(dispute_id), dispute_decider)
        if loaded.state.opened is None:
            raise DisputeNotFoundError
        refuse_other_agencies(command.officer, loaded.state.opened)
        return await self._handled(dispute_id, command, context)

    async def _handled(self, dispute_id: str, command: DisputeCommand, context: CommandContext) -> Handled[Dispute]:
        return await handle(
            self._store,
            dispute_stream(dispute_id),
            command,
            dispute_decider,
            commit_id=context.commit_id,
            metadata=context.metadata,
            expected_version=context.expected_version,
        )


def dispute_stream(dispute_id: str) -> str:
    return f"{_STREAM_PREFIX}-{dispute_id}"
