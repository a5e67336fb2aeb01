import asyncio

import pytest
from ansinh_kit.errors import UnavailableError
from ansinh_kit.key_list import KeyList, NamedKey
from ansinh_kit.personal_data.blind_index import BlindIndex
from ansinh_kit.reservations import AlreadyReservedError, MongoReservations
from auth.domain.account import AccountOpened
from auth.handlers.account_opening import HolderMissingError, IdentityTakenError
from auth.storage.identities import Identities

from tests.auth.service import NUMBER, AuthService, declaration_valid, keys


@pytest.mark.req("S-93")
@pytest.mark.sec("F-22")
async def test_the_same_declaration_delivered_twice_opens_one_account(auth: AuthService) -> None:
    for _ in range(2):
        await auth.hear(declaration_valid())
    assert await auth.event_types() == ["account_opened"]


@pytest.mark.sec("I5")
@pytest.mark.sec("SEC-05")
async def test_a_hundred_declarations_of_one_person_make_one_account(auth: AuthService) -> None:
    events = [declaration_valid(declaration_id=f"{n:032x}", person_id=f"{n + 500:032x}") for n in range(100)]

    async def until_heard(number: int) -> None:
        # As the consumer does: what cannot be done yet is tried again.
        while True:
            try:
                await auth.hear(events[number], event_id=f"event-{number}")
            except UnavailableError:
                await asyncio.sleep(0)
            else:
                return

    await asyncio.gather(*(until_heard(number) for number in range(100)))
    recorded = await auth.events()
    opened = [event for event in recorded if isinstance(event.event, AccountOpened)]
    assert len(opened) == 1
    assert [event.event.event_type for event in recorded].count("further_declaration_noted") == 99
    assert {event.stream_id for event in recorded} == {opened[0].stream_id}


@pytest.mark.sec("I5")
@pytest.mark.parametrize(
    "changes",
    [
        {"social_insurance_number": "1111111111"},
        {"identity_number": "066185000009"},
        {"identity_kind": "passport", "identity_number": "C1234567"},
    ],
)
async def test_one_known_and_one_new_number_are_for_an_operator(auth: AuthService, changes: dict[str, str]) -> None:
    await auth.open_account()
    with pytest.raises(IdentityTakenError):
        await auth.hear(declaration_valid(declaration_id="e" * 32, **changes), event_id="event-2")
    assert await auth.event_types() == ["account_opened"]
    await auth.open_account(
        declaration_id="f" * 32,
        person_id="c" * 32,
        social_insurance_number="2222222222",
        identity_number="066185000002",
    )
    assert await auth.account_id(NUMBER) != await auth.account_id("2222222222")


async def test_numbers_of_two_accounts_are_for_an_operator(auth: AuthService) -> None:
    await auth.open_account()
    await auth.open_account(
        declaration_id="f" * 32,
        person_id="c" * 32,
        social_insurance_number="2222222222",
        identity_number="066185000002",
    )
    with pytest.raises(IdentityTakenError):
        await auth.hear(declaration_valid(declaration_id="e" * 32, identity_number="066185000002"), event_id="event-3")


@pytest.mark.sec("I5")
async def test_the_citizen_number_of_an_old_identity_card_opens_no_second_account(auth: AuthService) -> None:
    await auth.open_account()
    legacy = declaration_valid(declaration_id="e" * 32, social_insurance_number="2222222222", identity_kind="legacy_id")
    with pytest.raises(IdentityTakenError):
        await auth.hear(legacy, event_id="event-2")


async def test_a_holder_that_was_not_sealed_for_us_is_for_an_operator(auth: AuthService) -> None:
    with pytest.raises(HolderMissingError):
        await auth.hear(declaration_valid().model_copy(update={"holder": None}))
    assert await auth.event_types() == []


@pytest.mark.sec("LIM-21")
async def test_without_an_e_mail_nothing_secret_is_sent_unasked(auth: AuthService) -> None:
    await auth.open_account()
    assert auth.secrets.published == []


@pytest.mark.sec("PII-05")
@pytest.mark.sec("I5")
async def test_a_number_reserved_under_an_older_key_is_still_taken(auth: AuthService) -> None:
    account_id = await auth.open_account()
    rotated = BlindIndex(KeyList((NamedKey("new", b"n" * 32), *keys("b").keys)))
    identities = Identities(MongoReservations(auth.database), rotated)
    key = identities.of_insurance_number(NUMBER)
    assert await identities.find_account(key) == account_id
    with pytest.raises(AlreadyReservedError):
        await identities.reserve([key], account_id="another", commit_id="commit-2")
