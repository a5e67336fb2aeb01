"""One phone or address belongs to one account, unless an officer lets a family share (V-16, LIM-22)."""

from datetime import timedelta

import pytest
from ansinh_kit.errors import NotFoundError
from ansinh_kit.testing.callers import a_guest
from auth.handlers.contact_seats import ALONE, FAMILY, ContactSeats, ContactTakenError

from tests.auth.contacts import NEW_PHONE, NEW_PHONE_STORED, Changing
from tests.auth.recovering import OFFICER
from tests.auth.service import PHONE, AuthService, at_once, declaration_valid

STRANGERS_NUMBER = "9876543210"


async def stranger(auth: AuthService, phone: str = NEW_PHONE_STORED) -> None:
    await auth.open_account(
        declaration_id="e" * 32,
        person_id="c" * 32,
        dossier_number="06601-2026-000002",
        social_insurance_number=STRANGERS_NUMBER,
        identity_number="066185000002",
        phone=phone,
    )


async def confirmed(changing: Changing) -> tuple[int, str | None]:
    change_id = await changing.started()
    answer = await changing.confirm(change_id, await changing.code_to(NEW_PHONE_STORED), await changing.code_to(PHONE))
    return answer.status, answer.json().get("code")


@pytest.mark.req("V-16")
@pytest.mark.sec("LIM-22")
@pytest.mark.sec("OTC-10")
async def test_another_accounts_phone_is_refused_and_said_only_after_its_code(auth: AuthService) -> None:
    changing = await Changing.begin(auth)
    await stranger(auth)
    assert await confirmed(changing) == (409, "contact_taken")
    assert await changing.contacts() == {"phone": PHONE}
    assert (await auth.verdict(changing.token))["state"] == "valid"


@pytest.mark.req("V-16")
@pytest.mark.sec("LIM-22")
async def test_an_officer_lets_a_family_share(auth: AuthService) -> None:
    changing = await Changing.begin(auth)
    await stranger(auth)
    path = f"/v1/staff/accounts/{await auth.account_id()}/contact-sharing"
    for caller, status in ((changing.caller, 403), (a_guest(), 401), (OFFICER, 204), (OFFICER, 204)):
        assert (await auth.post(path, caller=caller)).status == status
    assert await confirmed(changing) == (200, None)
    assert (await auth.event_types()).count("contact_sharing_allowed") == 1


async def test_nobody_shares_in_an_account_that_is_not_there(auth: AuthService) -> None:
    path = f"/v1/staff/accounts/{'9' * 32}/contact-sharing"
    assert (await auth.post(path, caller=OFFICER)).status == 404
    with pytest.raises(NotFoundError):
        await auth.use_cases.contacts.shown.of("9" * 32)


def seats(auth: AuthService) -> ContactSeats:
    return auth.use_cases.contacts.changes._seats


async def take(auth: AuthService, account_id: str, most: int = ALONE, value: str = NEW_PHONE_STORED) -> bool:
    try:
        await seats(auth).take(
            "phone", value, account_id=account_id, most=most, commit_id=f"take-{account_id}", now=auth.clock.now()
        )
    except ContactTakenError:
        return False
    return True


@pytest.mark.sec("F-35")
@pytest.mark.sec("SEC-06")
async def test_of_many_accounts_that_ask_at_once_one_gets_the_phone(auth: AuthService) -> None:
    taken = await at_once(*(take(auth, f"account-{number}") for number in range(12)))
    assert sum(bool(one) for one in taken) == 1


@pytest.mark.sec("LIM-22")
async def test_a_family_has_five_seats_and_no_sixth(auth: AuthService) -> None:
    assert [await take(auth, f"account-{number}", FAMILY) for number in range(6)] == [True] * 5 + [False]
    assert await take(auth, "account-3", FAMILY), "who has a seat keeps it"
    assert not await take(auth, "alone")


async def relatives(auth: AuthService, count: int, **contacts: str) -> list[str]:
    """Let so many declarations of different people come, all with these contacts; return the phones that are known."""
    opened = []
    for number in range(count):
        await auth.hear(
            declaration_valid(
                declaration_id=f"{number:032x}",
                person_id=f"{number + 100:032x}",
                dossier_number=f"06601-2026-{number:06d}",
                social_insurance_number=f"79000000{number:02d}",
                identity_number=f"0661850000{number:02d}",
                **{"phone": f"+849123400{number:02d}", **contacts},
            ),
            event_id=f"event-{number}",
        )
        opened.append(f"79000000{number:02d}")
    return opened


@pytest.mark.sec("LIM-22")
async def test_a_sixth_account_with_one_phone_is_not_opened(auth: AuthService) -> None:
    await relatives(auth, 5, phone=PHONE)
    before = await auth.event_types()
    with pytest.raises(ContactTakenError):
        await relatives(auth, 6, phone=PHONE)
    assert await auth.event_types() == before, "for an operator: nothing happened"
    assert await auth.database["access"].count_documents({}) == 5


@pytest.mark.sec("LIM-22")
async def test_a_sixth_account_with_one_address_is_opened_without_it(auth: AuthService) -> None:
    numbers = await relatives(auth, 6, email="nha@example.vn")
    holders = [await auth.use_cases.stored.holders.get(await auth.account_id(number)) for number in numbers]
    assert [holder.email for holder in holders] == ["nha@example.vn"] * 5 + [None]
    await auth.send_secrets()
    assert len(auth.secrets.messages()) == 5, "and nobody gets a link for somebody else's address"


@pytest.mark.req("V-16")
async def test_a_phone_that_was_left_is_free_once_nobody_can_object(auth: AuthService) -> None:
    changing = await Changing.begin(auth)
    await changing.changed(NEW_PHONE, NEW_PHONE_STORED, PHONE)
    assert not await take(auth, "another", value=PHONE), "it may still be taken back"
    auth.clock.advance(timedelta(days=14))
    assert await take(auth, "another", value=PHONE)
    assert not await take(auth, "another")


@pytest.mark.sec("PII-05")
async def test_seats_hold_no_contact_in_the_clear(auth: AuthService) -> None:
    await take(auth, "another")
    assert "987654321" not in await auth.everything_stored()
