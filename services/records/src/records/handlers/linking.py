"""What a valid declaration leads to here: its account reads the record of the participant it names (ADR-0008)."""

from ansinh_contracts.registration import DeclarationValidV1, DeclaredParticipant
from ansinh_kit.clock import Clock
from ansinh_kit.errors import UnavailableError
from ansinh_kit.messaging.errors import PermanentError
from ansinh_kit.messaging.incoming import IncomingEvent
from ansinh_kit.personal_data.cipher import PersonalDataCipher

from records.domain.papers import IdentityPaper
from records.domain.participant.commands import LinkAccount
from records.domain.participant.details import Contact, Identity, Numbers, insurance_key, paper_key
from records.domain.participant.errors import NumberTakenError
from records.domain.participant.state import Participant
from records.domain.place import Place
from records.handlers.context import CommandContext
from records.handlers.participants import Participants
from records.handlers.registering import NewParticipant, Registering


class Linking:
    def __init__(
        self, *, participants: Participants, registering: Registering, cipher: PersonalDataCipher, clock: Clock
    ) -> None:
        self._participants = participants
        self._cipher = cipher
        self._registering = registering
        self._clock = clock

    async def declaration_valid(self, incoming: IncomingEvent) -> None:
        """Link the account to the participant with the declared numbers; begin a record if nobody has them.

        Both steps can be done again. Whether the account may read at once is the participant's own rule.

        Raises:
            PermanentError: The event came without the participant sealed for this service.
            UnavailableError: Somebody is registering one of the numbers just now.
        """
        event = incoming.event
        if not isinstance(event, DeclarationValidV1):
            raise PermanentError("unexpected_event")
        if await self._cipher.is_forgotten(event.person_id):
            return  # a late delivery would begin a record of the person anew
        if event.participant is None:
            raise PermanentError("participant_missing")
        declared = event.participant
        paper = IdentityPaper(kind=declared.identity_kind, number=declared.identity_number)
        by_number = await self._participants.find_by_number(insurance_key(declared.social_insurance_number))
        by_paper = await self._participants.find_by_number(paper_key(paper))
        named = by_number or by_paper or await self._registered(event, declared, paper, incoming)
        command = LinkAccount(
            person_id=event.person_id,
            declaration_id=event.declaration_id,
            dossier_number=event.dossier_number,
            full_name=declared.full_name,
            social_insurance_number=declared.social_insurance_number,
            paper=paper,
            contact=_contact(event, declared),
            paper_of_another=by_paper is not None and by_paper.participant_id != named.participant_id,
            at=self._clock.now(),
        )
        context = CommandContext(incoming.event_id, incoming.metadata_for("records"))
        await self._participants.handle(named.participant_id, command, context)

    async def _registered(
        self, event: DeclarationValidV1, declared: DeclaredParticipant, paper: IdentityPaper, incoming: IncomingEvent
    ) -> Participant:
        new = NewParticipant(
            agency_code=event.agency_code,
            identity=Identity(full_name=declared.full_name),
            numbers=Numbers(social_insurance_number=declared.social_insurance_number, papers=(paper,)),
            contact=_contact(event, declared),
        )
        origin = CommandContext(incoming.event_id, incoming.metadata_for("records"))
        context = CommandContext(origin.derived("register"), origin.metadata)
        try:
            return (await self._registering.register(new, "declaration", context)).state
        except NumberTakenError as error:
            # Nobody was found under the numbers a moment ago: a registration is on its way, or died on it.
            raise UnavailableError("participant") from error


def _contact(event: DeclarationValidV1, declared: DeclaredParticipant) -> Contact:
    address = declared.address
    return Contact(
        address=None if address is None else address.line,
        phone=declared.phone,
        email=declared.email,
        place=None if address is None else Place.model_validate(address.model_dump(exclude={"line"})),
        language=event.language,
    )
