"""Whatever officers, declarations and merges do to a participant, in any order: what must always be true."""

from datetime import date
from typing import Any

from ansinh_kit.errors import DomainError
from hypothesis import given
from hypothesis import strategies as some
from records.domain.papers import IdentityPaper
from records.domain.participant import commands as asked
from records.domain.participant import events as happened
from records.domain.participant.commands import ParticipantCommand
from records.domain.participant.decide import participant_decider
from records.domain.participant.events import ParticipantEvent
from records.domain.participant.state import Participant

from tests.records import people as p

_PIDS = some.sampled_from([p.PID, p.OTHER_PID, "e" * 32])
_PEOPLE = some.sampled_from(["1" * 32, "2" * 32])
_NUMBERS = some.sampled_from(["6600000018", "6600000026"])
_MERGES = some.sampled_from(["7" * 32, "8" * 32])
_BY: dict[str, Any] = {"officer": some.sampled_from([p.OFFICER, p.PROVINCIAL, p.STRANGER]), "at": some.just(p.AT)}
_PAPERS = some.builds(
    IdentityPaper, kind=some.just("citizen_id"), number=some.sampled_from(["066090000018", "066090000026"])
)

COMMANDS: some.SearchStrategy[ParticipantCommand] = some.one_of(
    some.builds(p.register, identity=some.just(p.identity(birth_date="2020"))),
    some.builds(
        p.link,
        person_id=_PEOPLE,
        social_insurance_number=_NUMBERS,
        paper=_PAPERS,
        full_name=some.sampled_from(["Nguyễn Văn Mẫu", "Trần Thị Thử"]),
    ),
    some.builds(
        asked.ChangeNumbers, **_BY, numbers=some.builds(p.numbers, _NUMBERS), dropped_were_mistaken=some.booleans()
    ),
    some.builds(asked.ConfirmLink, **_BY, person_id=_PEOPLE),
    some.builds(asked.RefuseLink, **_BY, person_id=_PEOPLE),
    some.builds(asked.UnlinkAccount, **_BY, person_id=_PEOPLE),
    some.builds(
        asked.AppointGuardian,
        **_BY,
        guardian_id=_PIDS,
        relation=some.just("mother"),
        today=some.just(date(2026, 3, 2)),
    ),
    some.builds(asked.EndGuardian, **_BY, guardian_ids=some.tuples(_PIDS)),
    some.builds(asked.BeginMerge, **_BY, merge_id=_MERGES, duplicate_id=_PIDS),
    some.builds(asked.CloseForMerge, merge_id=_MERGES, into=_PIDS, at=some.just(p.AT)),
    some.builds(asked.AbandonMerge, merge_id=_MERGES, duplicate_id=_PIDS, at=some.just(p.AT)),
)


def lived(commands: list[ParticipantCommand]) -> tuple[Participant, list[ParticipantEvent]]:
    """Return the participant and its events after those commands that were not refused."""
    state = participant_decider.initial
    events: list[ParticipantEvent] = []
    for command in commands:
        try:
            decided = participant_decider.decide(command, state)
        except DomainError:
            continue
        events.extend(decided)
        state = participant_decider.fold(decided, state)
    return state, events


@given(some.lists(COMMANDS, max_size=30))
def test_nothing_happens_to_a_closed_record_or_before_it_is_registered(commands: list[ParticipantCommand]) -> None:
    _, events = lived(commands)
    kinds = [type(event) for event in events]
    assert kinds.count(happened.ParticipantRegistered) == (1 if events else 0)
    assert not events or kinds[0] is happened.ParticipantRegistered
    assert happened.ParticipantMerged not in kinds[:-1]


@given(some.lists(COMMANDS, max_size=30))
def test_an_account_reads_only_by_full_agreement_or_an_officers_word(commands: list[ParticipantCommand]) -> None:
    state, events = lived(commands)
    for index, event in enumerate(events):
        if isinstance(event, happened.AccountLinked):
            before = participant_decider.fold(events[:index])
            assert event.person_id in before.held or not before.linked
    assert state.linked.isdisjoint(state.held)
    assert state.refused.isdisjoint(state.linked | state.held.keys())


@given(some.lists(COMMANDS, max_size=30))
def test_no_command_of_another_agency_leaves_a_trace(commands: list[ParticipantCommand]) -> None:
    own = [
        command
        for command in commands
        if not isinstance(command, asked.ByOfficer) or command.officer.agency_code != p.STRANGER.agency_code
    ]
    assert lived(commands) == lived(own)


@given(some.lists(COMMANDS, max_size=30))
def test_the_same_command_twice_in_a_row_changes_once(commands: list[ParticipantCommand]) -> None:
    doubled = [command for command in commands for _ in range(2)]
    assert lived(doubled)[1] == lived(commands)[1]


@given(some.lists(COMMANDS, max_size=30))
def test_a_number_is_the_persons_unless_it_was_mistaken(commands: list[ParticipantCommand]) -> None:
    state, events = lived(commands)
    had = {key for event in events for key in participant_decider.fold(events[: events.index(event) + 1]).number_keys()}
    mistaken = {key for event in events if isinstance(event, happened.NumbersChanged) for key in event.mistaken or ()}
    assert had - mistaken <= state.number_keys()
