"""What officers of the managing agency do to a participant, beside registering and numbers."""

from typing import Final
from zoneinfo import ZoneInfo

from ansinh_kit.clock import Clock
from ansinh_kit.decider import Handled
from ansinh_kit.personal_data.cipher import PersonalDataCipher

from records.domain.offices import Officer
from records.domain.participant import commands as asked
from records.domain.participant.commands import OfficerCommand
from records.domain.participant.decide_for_officer import refuse_unless_managed
from records.domain.participant.details import Contact, Identity, NumberKey
from records.domain.participant.errors import ParticipantNotFoundError
from records.domain.participant.events import Relation
from records.domain.participant.state import Participant
from records.handlers.context import CommandContext
from records.handlers.participants import Participants
from records.handlers.record_ids import RecordIds

_VIET_NAM: Final = ZoneInfo("Asia/Ho_Chi_Minh")


class Managing:
    """Every call answers `ParticipantNotFoundError` for a participant of another agency.

    To an officer whom the record is too close to it answers `StaffBarredError`.
    """

    def __init__(
        self, *, participants: Participants, record_ids: RecordIds, clock: Clock, cipher: PersonalDataCipher
    ) -> None:
        self._participants = participants
        self._record_ids = record_ids
        self._clock = clock
        self._cipher = cipher

    async def find(self, number: NumberKey, officer: Officer) -> Participant:
        """Return whose number it is, if the officer's agency manages the person.

        Raises:
            ParticipantNotFoundError: It is nobody's, or another agency's participant's.
        """
        found = await self._participants.find_by_number(number)
        if found is None:
            raise ParticipantNotFoundError
        refuse_unless_managed(officer, found)
        return found

    async def correct_identity(
        self, participant_id: str, identity: Identity, officer: Officer, context: CommandContext
    ) -> Handled[Participant]:
        command = asked.CorrectIdentity(officer=officer, identity=identity, at=self._clock.now())
        return await self._handle(participant_id, command, context)

    async def change_contact(
        self, participant_id: str, contact: Contact, officer: Officer, context: CommandContext
    ) -> Handled[Participant]:
        command = asked.ChangeContact(officer=officer, contact=contact, at=self._clock.now())
        return await self._handle(participant_id, command, context)

    async def hand_over(
        self, participant_id: str, agency_code: str, officer: Officer, context: CommandContext
    ) -> Handled[Participant]:
        """Let another agency manage the participant from now on."""
        command = asked.ChangeManagingAgency(officer=officer, agency_code=agency_code, at=self._clock.now())
        return await self._handle(participant_id, command, context)

    async def appoint_guardian(
        self, child_id: str, guardian_id: str, relation: Relation, officer: Officer, context: CommandContext
    ) -> Handled[Participant]:
        """Let a participant of any agency read this child's record.

        Raises:
            ParticipantNotFoundError: Also if there is no participant `guardian_id`.
            NotAMinorError: The person is of age, or the birth date is not known.
        """
        now = self._clock.now()
        guardian = (await self._participants.standing(guardian_id)).state
        command = asked.AppointGuardian(
            officer=officer,
            guardian_id=guardian.participant_id,
            relation=relation,
            today=now.astimezone(_VIET_NAM).date(),
            at=now,
        )
        return await self._handle(child_id, command, context)

    async def end_guardian(
        self, child_id: str, guardian_id: str, officer: Officer, context: CommandContext
    ) -> Handled[Participant]:
        """End the charge of a guardian, under whichever id it was appointed.

        Raises:
            GuardianNotAppointedError: It is not in charge of this child.
        """
        ids = await self._record_ids.of_any(guardian_id)
        command = asked.EndGuardian(officer=officer, guardian_ids=tuple(ids), at=self._clock.now())
        return await self._handle(child_id, command, context)

    async def bar_staff(
        self, participant_id: str, staff_id: str, officer: Officer, context: CommandContext
    ) -> Handled[Participant]:
        """Let a member of staff do nothing to this record from now on."""
        command = asked.BarStaff(officer=officer, staff_id=staff_id, at=self._clock.now())
        return await self._handle(participant_id, command, context)

    async def lift_bar(
        self, participant_id: str, staff_id: str, officer: Officer, context: CommandContext
    ) -> Handled[Participant]:
        """Let a barred member of staff work on this record again; a colleague has to ask for it.

        Raises:
            StaffBarredError: The officer is barred too.
            StaffNotBarredError: The member of staff is not barred.
        """
        command = asked.LiftStaffBar(officer=officer, staff_id=staff_id, at=self._clock.now())
        return await self._handle(participant_id, command, context)

    async def confirm_link(
        self, participant_id: str, person_id: str, officer: Officer, context: CommandContext
    ) -> Handled[Participant]:
        """Let the held account read the record: the officer has compared its declaration with the participant."""
        command = asked.ConfirmLink(officer=officer, person_id=person_id, at=self._clock.now())
        return await self._handle(participant_id, command, context)

    async def refuse_link(
        self, participant_id: str, person_id: str, officer: Officer, context: CommandContext
    ) -> Handled[Participant]:
        """Keep the held account out; what its declaration said about reaching a stranger can be read no more."""
        command = asked.RefuseLink(officer=officer, person_id=person_id, at=self._clock.now())
        handled = await self._handle(participant_id, command, context)
        await self._cipher.forget(person_id)
        return handled

    async def unlink(
        self, participant_id: str, person_id: str, officer: Officer, context: CommandContext
    ) -> Handled[Participant]:
        command = asked.UnlinkAccount(officer=officer, person_id=person_id, at=self._clock.now())
        return await self._handle(participant_id, command, context)

    async def _handle(
        self, participant_id: str, command: OfficerCommand, context: CommandContext
    ) -> Handled[Participant]:
        # Asked first: 412 for a wrong version and 404 for the right one would tell that the participant is there.
        refuse_unless_managed(command.officer, (await self._participants.standing(participant_id)).state)
        return await self._participants.handle(participant_id, command, context)
