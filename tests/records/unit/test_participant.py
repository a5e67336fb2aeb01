"""The participant's rules: given events, when a command, then events or a refusal."""

from datetime import date
from typing import Any, Final

import pytest
from ansinh_kit.errors import DomainError
from ansinh_kit.events import EventRegistry
from ansinh_kit.testing.given_when_then import Scenario
from records.domain.birth_date import BirthDate
from records.domain.offices import Officer
from records.domain.papers import IdentityPaper
from records.domain.participant import commands as asked
from records.domain.participant import errors
from records.domain.participant import events as happened
from records.domain.participant.commands import ParticipantCommand
from records.domain.participant.decide import participant_decider
from records.domain.participant.details import Contact
from records.domain.participant.events import PARTICIPANT_EVENTS, Mismatch, ParticipantEvent
from records.domain.participant.state import Participant

from tests.records import people as p

BY: Final[dict[str, Any]] = {"officer": p.OFFICER, "at": p.AT}
OTHER_CARD: Final = IdentityPaper(kind="citizen_id", number="066090000026")

participant: Scenario[ParticipantCommand, Participant, ParticipantEvent] = Scenario(
    participant_decider, EventRegistry.of(PARTICIPANT_EVENTS)
)


def merged(into: str = p.OTHER_PID) -> happened.ParticipantMerged:
    return happened.ParticipantMerged(**p.IDS, merge_id="1" * 32, into=into, accounts=())


def taken_over(*held: happened.HeldLink) -> happened.DuplicateTakenOver:
    return happened.DuplicateTakenOver(
        **p.IDS,
        merge_id="1" * 32,
        duplicate_id=p.OTHER_PID,
        accounts=(),
        held_links=held,
        guardians=(),
        former_numbers=None,
    )


def take_over(**changes: Any) -> asked.TakeOverDuplicate:  # noqa: ANN401  # whatever the field takes
    values: dict[str, Any] = {
        "merge_id": "1" * 32,
        "duplicate_id": p.OTHER_PID,
        "accounts": (),
        "held_links": (),
        "declared_contacts": {},
        "guardians": (),
        "former_numbers": None,
        "at": p.AT,
    }
    return asked.TakeOverDuplicate(**(values | changes))


def child(born: str) -> happened.ParticipantRegistered:
    return p.registered(identity=p.identity(birth_date=BirthDate(born)))


def appoint(today: date, guardian_id: str = p.OTHER_PID) -> asked.AppointGuardian:
    return asked.AppointGuardian(officer=p.OFFICER, at=p.AT, guardian_id=guardian_id, relation="mother", today=today)


def test_a_registered_participant_cannot_be_registered_again() -> None:
    participant.given(p.registered()).when(p.register()).then_raises(errors.ParticipantExistsError)


def test_somebody_unknown_cannot_be_changed() -> None:
    participant.when(p.link()).then_raises(errors.ParticipantNotFoundError)


@pytest.mark.parametrize(
    "command",
    [
        asked.CorrectIdentity(**BY, identity=p.identity(full_name="Ai Đó")),
        asked.ChangeNumbers(**BY, numbers=p.numbers("6600000026"), dropped_were_mistaken=False),
        asked.ChangeContact(**BY, contact=p.contact()),
        asked.ChangeManagingAgency(**BY, agency_code="06602"),
        asked.ConfirmLink(**BY, person_id=p.PERSON),
        asked.RefuseLink(**BY, person_id=p.PERSON),
        asked.UnlinkAccount(**BY, person_id=p.PERSON),
        appoint(date(2026, 3, 2)),
        asked.EndGuardian(**BY, guardian_ids=(p.OTHER_PID,)),
        asked.BeginMerge(**BY, merge_id="1" * 32, duplicate_id=p.OTHER_PID),
    ],
    ids=lambda command: type(command).__name__,
)
def test_no_officer_of_another_agency_changes_anything(command: asked.OfficerCommand) -> None:
    elsewhere = p.registered(agency_code="07901")
    participant.given(elsewhere).when(command).then_raises(errors.ParticipantNotFoundError)


@pytest.mark.parametrize(("agency", "allowed"), [("066", True), ("06601", True), ("06602", False), ("079", False)])
def test_a_provincial_office_covers_the_offices_under_it(agency: str, allowed: bool) -> None:  # noqa: FBT001
    command = asked.ChangeManagingAgency(officer=Officer("o", agency, "officer"), at=p.AT, agency_code="06603")
    outcome = participant.given(p.registered()).when(command)
    assert (outcome.error is None) is allowed


class TestLinking:
    def test_an_account_whose_number_paper_and_name_agree_is_linked(self) -> None:
        participant.given(p.registered()).when(p.link()).then(p.linked())

    def test_a_name_that_lost_its_marks_is_the_same_name(self) -> None:
        participant.given(p.registered()).when(p.link(full_name="NGUYEN VAN MAU")).then(p.linked())

    @pytest.mark.parametrize(
        ("declared", "mismatch"),
        [
            ({"full_name": "Trần Văn Mẫu"}, "full_name"),
            ({"social_insurance_number": "6600000026"}, "social_insurance_number"),
            ({"paper": OTHER_CARD}, "identity_number"),
            ({"paper": OTHER_CARD, "paper_of_another": True}, "identity_number"),
        ],
    )
    def test_anything_that_differs_holds_the_link(self, declared: dict[str, object], mismatch: Mismatch) -> None:
        participant.given(p.registered()).when(p.link(**declared)).then(p.held(mismatch), p.contact_declared())

    def test_a_paper_nobody_has_on_record_holds_the_link(self) -> None:
        bare = p.registered(numbers=p.numbers().model_copy(update={"papers": ()}))
        participant.given(bare).when(p.link()).then(p.held("identity_number_unknown"), p.contact_declared())

    def test_a_second_account_waits_even_if_all_agrees(self) -> None:
        second = p.link(person_id="e" * 32)
        outcome = participant.given(p.registered(), p.linked()).when(second)
        event, _ = outcome.events
        assert isinstance(event, happened.AccountLinkHeld)
        assert event.mismatches == ("another_account",)

    def test_a_former_number_still_speaks_for_the_person(self) -> None:
        renumbered = happened.NumbersChanged(**p.IDS, numbers=p.numbers("6600000026"), mistaken=())
        participant.given(p.registered(), renumbered).when(p.link()).then(p.linked())

    def test_a_mistaken_number_does_not(self) -> None:
        mistaken = (("social_insurance_number", "6600000018"),)
        renumbered = happened.NumbersChanged(**p.IDS, numbers=p.numbers("6600000026"), mistaken=mistaken)
        participant.given(p.registered(), renumbered).when(p.link()).then(
            p.held("social_insurance_number"), p.contact_declared()
        )

    def test_of_somebody_forgotten_nothing_agrees(self) -> None:
        forgotten = p.registered(identity=None, numbers=None, contact=None)
        participant.given(forgotten).when(p.link()).then(
            p.held("full_name", "social_insurance_number", "identity_number_unknown"), p.contact_declared()
        )

    @pytest.mark.req("S-85")
    def test_a_link_brings_what_the_declaration_says_about_reaching_the_person_and_takes_nothing_away(self) -> None:
        declared = Contact(phone="+84900000026", email="mau@example.com", language="en")
        changed = happened.ContactChanged(
            **p.IDS, contact=p.contact(phone="+84900000026", email="mau@example.com", language="en")
        )
        participant.given(p.registered()).when(p.link(contact=declared)).then(p.linked(), changed)

    def test_an_address_goes_with_its_codes(self) -> None:
        lived = p.registered(contact=p.contact(place=p.PLACE))
        moved = participant.given(lived).when(p.link(contact=Contact(address="Số 2, Phố Khác")))
        changed = happened.ContactChanged(**p.IDS, contact=p.contact(address="Số 2, Phố Khác"))
        moved.then(p.linked(), changed)

    @pytest.mark.req("S-85")
    def test_a_held_link_brings_it_only_when_an_officer_lets_the_account_in(self) -> None:
        waiting = participant.given(p.registered(), p.held(), p.contact_declared(email="mau@example.com"))
        changed = happened.ContactChanged(**p.IDS, contact=p.contact(email="mau@example.com"))
        waiting.when(asked.ConfirmLink(**BY, person_id=p.PERSON)).then(p.linked(), changed)

    def test_a_link_that_waits_goes_on_waiting_with_its_contact_when_the_record_is_merged(self) -> None:
        waiting = happened.HeldLink(person_id=p.PERSON, declaration_id="d" * 32, dossier_number="00018/2026/06601")
        arriving = participant.given(p.registered(), p.begun()).when(
            take_over(held_links=(waiting,), declared_contacts={p.PERSON: p.contact()})
        )
        arriving.then(taken_over(waiting), p.contact_declared())

    def test_an_officer_lets_a_held_account_in_or_turns_it_away(self) -> None:
        waiting = participant.given(p.registered(), p.held())
        waiting.when(asked.ConfirmLink(**BY, person_id=p.PERSON)).then(p.linked())
        refused = happened.AccountLinkRefused(**p.IDS, person_id=p.PERSON, officer_id="officer-a")
        waiting.when(asked.RefuseLink(**BY, person_id=p.PERSON)).then(refused)
        participant.given(p.registered(), p.held(), refused).when(p.link()).then()

    @pytest.mark.parametrize("command", [asked.ConfirmLink, asked.RefuseLink])
    def test_what_does_not_wait_cannot_be_settled(
        self, command: type[asked.ConfirmLink] | type[asked.RefuseLink]
    ) -> None:
        settled = participant.given(p.registered(), p.linked())
        settled.when(command(officer=p.OFFICER, at=p.AT, person_id=p.PERSON)).then_raises(errors.LinkNotHeldError)

    def test_only_a_standing_link_can_be_ended(self) -> None:
        end = asked.UnlinkAccount(**BY, person_id=p.PERSON)
        unlinked = happened.AccountUnlinked(**p.IDS, person_id=p.PERSON, officer_id="officer-a")
        participant.given(p.registered(), p.linked()).when(end).then(unlinked)
        participant.given(p.registered(), p.linked(), unlinked).when(end).then_raises(errors.LinkNotStandingError)


class TestGuardians:
    def test_a_child_gets_a_guardian(self) -> None:
        appointed = happened.GuardianAppointed(**p.IDS, guardian_id=p.OTHER_PID, relation="mother")
        participant.given(child("2020-05-17")).when(appoint(date(2026, 3, 2))).then(appointed)
        participant.given(child("2020-05-17"), appointed).when(appoint(date(2026, 3, 2))).then()

    @pytest.mark.parametrize(
        ("born", "today", "minor"),
        [
            ("2008-03-02", date(2026, 3, 1), True),
            ("2008-03-02", date(2026, 3, 2), False),
            ("2008-02-29", date(2026, 2, 28), True),
            ("2008-02-29", date(2026, 3, 1), False),
            ("2008", date(2026, 12, 30), True),
            ("2008", date(2026, 12, 31), False),
        ],
    )
    def test_the_charge_ends_on_the_day_the_child_is_surely_of_age(self, born: str, today: date, minor: bool) -> None:  # noqa: FBT001
        outcome = participant.given(child(born)).when(appoint(today))
        assert isinstance(outcome.error, errors.NotAMinorError) is not minor

    def test_nobody_whose_age_is_unknown_gets_one(self) -> None:
        ageless = p.registered(identity=p.identity(birth_date=None))
        participant.given(ageless).when(appoint(date(2026, 3, 2))).then_raises(errors.NotAMinorError)

    def test_nobody_is_the_own_guardian(self) -> None:
        participant.given(child("2020")).when(appoint(date(2026, 3, 2), p.PID)).then_raises(errors.OwnGuardianError)

    def test_only_an_appointed_guardian_can_be_ended(self) -> None:
        end = asked.EndGuardian(**BY, guardian_ids=(p.OTHER_PID,))
        participant.given(child("2020")).when(end).then_raises(errors.GuardianNotAppointedError)


class TestMerging:
    CLOSE: Final = asked.CloseForMerge(merge_id="1" * 32, into=p.OTHER_PID, at=p.AT)

    def test_a_closed_record_names_the_accounts_it_had(self) -> None:
        closed = happened.ParticipantMerged(**p.IDS, merge_id="1" * 32, into=p.OTHER_PID, accounts=(p.PERSON,))
        participant.given(p.registered(), p.held()).when(self.CLOSE).then(closed)
        participant.given(p.registered(), closed).when(self.CLOSE).then()

    @pytest.mark.parametrize(
        "command",
        [p.link(), asked.ChangeContact(**BY, contact=p.contact()), asked.EndGuardian(**BY, guardian_ids=("x",))],
    )
    def test_a_closed_record_takes_nothing_and_says_where_it_went_on(self, command: ParticipantCommand) -> None:
        refusal = participant.given(p.registered(), merged()).when(command)
        assert refusal.then_raises(errors.ParticipantMergedAwayError).into == p.OTHER_PID

    def test_a_record_that_takes_another_over_is_not_closed_meanwhile(self) -> None:
        busy = participant.given(p.registered(), p.begun(duplicate_id="e" * 32))
        busy.when(self.CLOSE).then_raises(errors.MergeUnderWayError)

    def test_no_record_is_merged_into_itself(self) -> None:
        itself = asked.BeginMerge(**BY, merge_id="1" * 32, duplicate_id=p.PID)
        participant.given(p.registered()).when(itself).then_raises(errors.SameParticipantError)
        closing = asked.CloseForMerge(merge_id="1" * 32, into=p.PID, at=p.AT)
        participant.given(p.registered()).when(closing).then_raises(errors.SameParticipantError)

    def test_the_same_merge_is_begun_once(self) -> None:
        again = asked.BeginMerge(**BY, merge_id="2" * 32, duplicate_id=p.OTHER_PID)
        participant.given(p.registered(), p.begun()).when(again).then()

    def test_what_has_arrived_is_no_duplicate_any_more(self) -> None:
        again = asked.BeginMerge(**BY, merge_id="2" * 32, duplicate_id=p.OTHER_PID)
        arrived = participant.given(p.registered(), p.begun(), taken_over())
        arrived.when(again).then_raises(errors.SameParticipantError)

    def test_an_account_that_reads_the_survivor_does_not_wait_for_it_as_well(self) -> None:
        waiting = happened.HeldLink(person_id=p.PERSON, declaration_id="f" * 32, dossier_number="00019/2026/06601")
        both = participant.given(p.registered(), p.linked(), p.begun(), taken_over(waiting))
        both.when(asked.ConfirmLink(**BY, person_id=p.PERSON)).then_raises(errors.LinkNotHeldError)

    def test_a_merge_that_ended_cannot_end_again(self) -> None:
        abandoned = happened.MergeAbandoned(**p.IDS, merge_id="1" * 32, duplicate_id=p.OTHER_PID)
        late = take_over(accounts=(p.PERSON,))
        participant.given(p.registered(), p.begun(), abandoned).when(late).then()


def test_every_refusal_is_a_domain_error_with_its_own_code() -> None:
    refusals = [value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, DomainError)]
    own = [refusal for refusal in refusals if refusal.__module__ == errors.__name__]
    assert len({refusal.code for refusal in own}) == len(own) > 0
