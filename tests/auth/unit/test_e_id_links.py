"""Which e-ID may be an account's: given what happened, when somebody links or unlinks, then this is recorded."""

from datetime import timedelta
from typing import Any

import pytest
from ansinh_kit.errors import RefusedError
from ansinh_kit.events import EventRegistry
from ansinh_kit.testing.given_when_then import Scenario
from auth.domain.account import ACCOUNT, ACCOUNT_EVENTS
from auth.domain.contact_changes import NoHolderError
from auth.domain.e_id.events import EIdLinked, EIdUnlinked, change_of, is_of_e_id
from auth.domain.e_id.links import (
    CitizenNumberDiffersError,
    EIdCommand,
    EIdSwitchedOffError,
    LinkEId,
    OtherEIdLinkedError,
    UnlinkEId,
    decide_e_id,
    evolve_e_id,
)
from auth.domain.e_id.state import EIdState
from auth.domain.holder import Account
from hypothesis import given
from hypothesis import strategies as st

from tests.auth.builders import ACCOUNT_ID, NOW, PERSON_ID, account_opened

ISSUER, SUBJECT, NUMBER = "https://e-id.example.vn", "6f1c-0001", "066185000001"
account = Scenario(ACCOUNT, EventRegistry.of(ACCOUNT_EVENTS))


def link(by: str = "log_in", *, subject: str = SUBJECT, number: str = NUMBER, issuer: str = ISSUER) -> LinkEId:
    facts = {"issuer": issuer, "subject": subject, "citizen_number": number, "by": by}
    return LinkEId.model_validate({"change_id": "e-id:1", "now": NOW, "objection_key": "k", **facts})


def unlink() -> UnlinkEId:
    return UnlinkEId(change_id="e-id:2", now=NOW, objection_key="k")


def told(change_id: str) -> dict[str, Any]:
    return {
        "account_id": ACCOUNT_ID,
        "person_id": PERSON_ID,
        "change_id": change_id,
        "occurred_at": NOW,
        "objection_key": "k",
        "language": "vi",
        "full_name": "Nguyễn Thị Hoa",
        "phone": "+84912345678",
        "email": "hoa@example.vn",
        "second_phone": None,
    }


def linked(by: str = "log_in") -> EIdLinked:
    return EIdLinked.model_validate({**told("e-id:1"), "issuer": ISSUER, "subject": SUBJECT, "by": by})


OPENED = account_opened(email="hoa@example.vn")
UNLINKED = EIdUnlinked(**told("e-id:2"))


@pytest.mark.req("V-12")
@pytest.mark.sec("SEC-41")
@pytest.mark.parametrize("by", ["log_in", "holder"])
def test_the_e_id_of_the_declared_citizen_number_is_linked_and_every_contact_is_told(by: str) -> None:
    account.given(OPENED).when(link(by)).then(linked(by))


@pytest.mark.req("V-12")
def test_an_e_id_of_another_citizen_number_is_never_linked() -> None:
    for by in ("log_in", "holder"):
        account.given(OPENED).when(link(by, number="066185000002")).then_raises(CitizenNumberDiffersError)


def test_an_account_that_is_not_there_is_linked_to_nothing() -> None:
    account.given().when(link()).then_raises(NoHolderError)
    account.given().when(unlink()).then_raises(NoHolderError)


def test_the_same_e_id_twice_is_linked_once_and_another_one_not_at_all() -> None:
    account.given(OPENED, linked()).when(link("holder")).then()
    account.given(OPENED, linked()).when(link(subject="other")).then_raises(OtherEIdLinkedError)
    account.given(OPENED, linked()).when(link(issuer="https://other.example.vn")).then_raises(OtherEIdLinkedError)


@pytest.mark.req("V-12")
def test_whoever_unlinked_is_linked_again_in_a_session_only() -> None:
    account.given(OPENED, linked()).when(unlink()).then(UNLINKED)
    account.given(OPENED, linked(), UNLINKED).when(unlink()).then()
    account.given(OPENED, linked(), UNLINKED).when(link("log_in")).then_raises(EIdSwitchedOffError)
    account.given(OPENED, linked(), UNLINKED).when(link("holder", subject="new")).then(
        linked("holder").model_copy(update={"subject": "new"})
    )


def test_whoever_never_linked_switches_it_off_beforehand() -> None:
    account.given(OPENED).when(unlink()).then(UNLINKED)
    account.given(OPENED, UNLINKED).when(link("log_in")).then_raises(EIdSwitchedOffError)


def test_the_name_of_a_change_tells_that_it_is_one_of_an_e_id() -> None:
    assert is_of_e_id(change_of("c" * 32))
    assert not is_of_e_id("c" * 32)


_SUBJECTS = ("one", "two")
_COMMANDS = st.one_of(
    st.builds(
        link,
        st.sampled_from(("log_in", "holder")),
        subject=st.sampled_from(_SUBJECTS),
        number=st.sampled_from((NUMBER, "066185000002")),
    ),
    st.builds(unlink),
)


@pytest.mark.req("V-12")
@given(st.lists(_COMMANDS, max_size=12))
def test_whatever_is_asked_in_whatever_order_the_link_is_what_was_linked_last(commands: list[EIdCommand]) -> None:
    state = ACCOUNT.fold([OPENED])
    expected, off = None, False
    for number, command in enumerate(commands):
        state, events = _decided(command, state, number)
        match command:
            case UnlinkEId():
                assert len(events) == (0 if off else 1)
                expected, off = None, True
            case LinkEId() if events:
                assert expected is None
                assert command.citizen_number == NUMBER
                assert command.by == "holder" or not off
                expected, off = command.subject, False
            case _:
                pass
        assert (None if state.e_id.link is None else state.e_id.link.subject, state.e_id.switched_off) == (
            expected,
            off,
        )


def _decided(command: EIdCommand, state: Account, number: int) -> tuple[Account, list[EIdLinked | EIdUnlinked]]:
    try:
        events = decide_e_id(command.model_copy(update={"now": NOW + timedelta(minutes=number)}), state)
    except RefusedError:
        return state, []
    for event in events:
        state = evolve_e_id(state, event)
    return state, events


def test_before_anything_happened_nothing_is_linked_and_nothing_is_switched_off() -> None:
    assert ACCOUNT.fold([OPENED]).e_id == EIdState(link=None, switched_off=False)
