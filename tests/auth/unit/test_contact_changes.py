"""Contacts as an aggregate: versions only grow, and taking back restores what stood, whatever came after."""

from datetime import timedelta

import pytest
from ansinh_contracts.auth import ContactSlot
from ansinh_kit.errors import NotFoundError, RefusedError
from ansinh_kit.events import EventRegistry
from ansinh_kit.testing.given_when_then import Scenario
from auth.domain.account import ACCOUNT, ACCOUNT_EVENTS, AccountEvent
from auth.domain.contact_changes import (
    OBJECTION_LIFE,
    ChangeNotStandingError,
    ContactMovedOnError,
    ContactUnchangedError,
    NoHolderError,
)
from auth.domain.contact_commands import AllowSharing, ChangeContact, ConfirmContact, TakeBackChange
from auth.domain.contact_events import (
    ContactChanged,
    ContactChangeTakenBack,
    ContactConfirmed,
    ContactSharingAllowed,
)
from auth.domain.holder import Account, Holder
from hypothesis import given
from hypothesis import strategies as st

from tests.auth.builders import ACCOUNT_ID, NOW, PERSON_ID, account_opened

account = Scenario(ACCOUNT, EventRegistry.of(ACCOUNT_EVENTS))
OLD_PHONE, NEW_PHONE, OTHER_PHONE = "+84912345678", "+84987654321", "+84355555555"
MAIL = "hoa@example.vn"
SLOTS: tuple[ContactSlot, ...] = ("phone", "email", "second_phone")


def change(
    value: str = NEW_PHONE, *, slot: ContactSlot = "phone", base_version: int = 1, change_id: str = "c1"
) -> ChangeContact:
    return ChangeContact(
        now=NOW, change_id=change_id, slot=slot, value=value, base_version=base_version, objection_key="k1"
    )


def take_back(change_id: str = "c1", after: timedelta = timedelta()) -> TakeBackChange:
    return TakeBackChange(now=NOW + after, change_id=change_id)


def told(slot: ContactSlot, version: int, **changes: object) -> dict[str, object]:
    facts: dict[str, object] = {
        "account_id": ACCOUNT_ID,
        "person_id": PERSON_ID,
        "change_id": "c1",
        "slot": slot,
        "version": version,
        "language": "vi",
        "full_name": "Nguyễn Thị Hoa",
        "phone": OLD_PHONE,
        "happened_at": NOW,
    }
    return facts | changes


def changed(slot: ContactSlot = "phone", version: int = 2, **changes: object) -> ContactChanged:
    facts = told(slot, version, phone=NEW_PHONE, earlier=OLD_PHONE, objection_key="k1")
    return ContactChanged.model_validate(facts | changes)


@pytest.mark.req("V-11")
def test_a_change_tells_the_contacts_that_count_now_and_the_earlier_one() -> None:
    account.given(account_opened(email=MAIL)).when(change()).then(changed(email=MAIL))


@pytest.mark.req("U-06")
def test_a_second_phone_is_a_contact_of_its_own() -> None:
    account.given(account_opened()).when(change(slot="second_phone", base_version=0)).then(
        changed("second_phone", 1, phone=OLD_PHONE, second_phone=NEW_PHONE, earlier=None)
    )


@pytest.mark.sec("OTC-03")
def test_a_change_begun_before_another_one_is_refused() -> None:
    account.given(account_opened(), changed()).when(change(OTHER_PHONE, change_id="c2")).then_raises(
        ContactMovedOnError
    )


@pytest.mark.parametrize(
    ("slot", "value", "base_version"),
    [("phone", OLD_PHONE, 1), ("second_phone", OLD_PHONE, 0)],
)
def test_a_contact_that_the_account_has_is_no_new_one(slot: ContactSlot, value: str, base_version: int) -> None:
    account.given(account_opened()).when(change(value, slot=slot, base_version=base_version)).then_raises(
        ContactUnchangedError
    )


def test_an_address_on_file_is_confirmed_once() -> None:
    confirmed = ContactConfirmed(account_id=ACCOUNT_ID, person_id=PERSON_ID, slot="email", version=2, confirmed_at=NOW)
    account.given(account_opened(email=MAIL)).when(change(MAIL, slot="email")).then(confirmed)
    again = change(MAIL, slot="email", base_version=2)
    account.given(account_opened(email=MAIL), confirmed).when(again).then_raises(ContactUnchangedError)


def test_nobody_has_contacts_before_the_account_is_open() -> None:
    account.when(change()).then_raises(NoHolderError)


@pytest.mark.req("V-11")
def test_an_objection_brings_the_earlier_contact_back_under_a_new_version() -> None:
    account.given(account_opened(), changed()).when(take_back()).then(
        ContactChangeTakenBack.model_validate(told("phone", 3, earlier=NEW_PHONE))
    )


def test_a_change_is_taken_back_once() -> None:
    taken_back = ContactChangeTakenBack.model_validate(told("phone", 3, earlier=NEW_PHONE))
    account.given(account_opened(), changed(), taken_back).when(take_back()).then_raises(ChangeNotStandingError)


def test_the_time_to_object_ends_on_the_second() -> None:
    events = (account_opened(), changed())
    account.given(*events).when(take_back(after=OBJECTION_LIFE)).then_raises(ChangeNotStandingError)
    last = OBJECTION_LIFE - timedelta(seconds=1)
    account.given(*events).when(take_back(after=last)).then(
        ContactChangeTakenBack.model_validate(told("phone", 3, earlier=NEW_PHONE, happened_at=NOW + last))
    )


def test_who_took_a_contact_cannot_object_to_its_being_changed_on_once_the_first_change_is_gone() -> None:
    onward = changed(version=3, phone=OTHER_PHONE, earlier=NEW_PHONE, change_id="c2")
    first_gone = ContactChangeTakenBack.model_validate(told("phone", 4, earlier=OTHER_PHONE))
    account.given(account_opened(), changed(), onward).when(take_back("c1")).then(first_gone)
    account.given(account_opened(), changed(), onward, first_gone).when(take_back("c2")).then_raises(
        ChangeNotStandingError
    )


def test_a_change_of_another_slot_outlives_an_objection() -> None:
    second = changed("second_phone", 1, second_phone=OTHER_PHONE, change_id="c2", earlier=None)
    taken_back = ContactChangeTakenBack.model_validate(told("phone", 3, earlier=NEW_PHONE, second_phone=OTHER_PHONE))
    state = ACCOUNT.fold([account_opened(), changed(), second, taken_back])
    assert _holder(state).value("second_phone") == OTHER_PHONE
    assert [one.change_id for one in state.changes] == ["c2"]


@pytest.mark.req("U-06")
def test_a_contact_is_confirmed_once_and_only_as_it_was_when_it_was_shown() -> None:
    confirm = ConfirmContact(now=NOW, slot="email", base_version=1)
    event = ContactConfirmed(account_id=ACCOUNT_ID, person_id=PERSON_ID, slot="email", version=2, confirmed_at=NOW)
    account.given(account_opened(email=MAIL)).when(confirm).then(event)
    account.given(account_opened(email=MAIL), event).when(confirm).then()
    account.given(account_opened(email=MAIL), changed("email", 2, email="hoa@other.vn")).when(confirm).then()
    account.given(account_opened()).when(confirm).then()


@pytest.mark.req("V-16")
def test_sharing_is_allowed_once() -> None:
    allow = AllowSharing(now=NOW, officer_id="f" * 32, agency_code="06601")
    allowed = ContactSharingAllowed(
        account_id=ACCOUNT_ID, person_id=PERSON_ID, officer_id="f" * 32, agency_code="06601", allowed_at=NOW
    )
    account.given(account_opened()).when(allow).then(allowed)
    account.given(account_opened(), allowed).when(allow).then()


@pytest.mark.req("V-16")
@pytest.mark.sec("API-01")
def test_sharing_is_not_allowed_by_an_agency_that_is_not_in_charge() -> None:
    allow = AllowSharing(now=NOW, officer_id="f" * 32, agency_code="07901")
    account.given(account_opened()).when(allow).then_raises(NotFoundError)


_values = st.sampled_from([OLD_PHONE, NEW_PHONE, OTHER_PHONE, MAIL, "hoa@other.vn"])
_steps = st.lists(
    st.one_of(
        st.tuples(st.just("change"), st.sampled_from(SLOTS), _values),
        st.tuples(st.just("object"), st.integers(0, 9), st.none()),
    ),
    max_size=12,
)


def _holder(state: Account) -> Holder:
    assert state.holder is not None
    return state.holder


@pytest.mark.sec("OTC-03")
@given(_steps)
def test_versions_only_grow_and_an_objection_restores_what_stood_before(
    steps: list[tuple[str, object, object]],
) -> None:
    state = ACCOUNT.fold([account_opened(email=MAIL)])
    before: dict[str, object] = {}
    for number, (kind, what, value) in enumerate(steps):
        holder = _holder(state)
        try:
            if kind == "change":
                slot = SLOTS[SLOTS.index(what)]
                before[f"c{number}"] = (slot, holder.contacts.get(slot))
                command: ChangeContact | TakeBackChange = change(
                    str(value), slot=slot, base_version=holder.version(slot), change_id=f"c{number}"
                )
            else:
                command = take_back(f"c{what}")
            events: list[AccountEvent] = ACCOUNT.decide(command, state)  # type: ignore[assignment]
        except RefusedError:
            continue
        state = ACCOUNT.fold(events, state)
        after = _holder(state)
        raised = {slot for slot in SLOTS if after.version(slot) != holder.version(slot)}
        assert len(raised) == 1
        (slot,) = raised
        assert after.version(slot) == holder.version(slot) + 1
        if kind == "object":
            assert (slot, after.contacts.get(slot)) == before[f"c{what}"]
    assert _holder(state).phone, "an account never loses its phone"
