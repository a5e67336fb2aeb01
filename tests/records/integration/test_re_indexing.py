"""A new key of the blind index: every number and card is found, and is nobody else's, under old, both and new."""

import pytest
from records.storage.card_numbers import CardNumbers
from records.storage.numbers import ParticipantNumbers
from records.storage.numbers_told import numbers_told

from tests.records import rows
from tests.records.cards_over_http import feed
from tests.records.feeding import Office
from tests.records.service import KEYS
from tests.rotated_index import Rotation

pytestmark = [pytest.mark.sec("F-40"), pytest.mark.sec("PII-05")]

FIRST, SECOND = "6600000018", "6600000026"
CARD_NUMBER = f"GD466{SECOND}"


def rotation_of(office: Office) -> Rotation:
    service = office.service
    return Rotation(service.store, service.reservations, service.keyring, KEYS, numbers_told)


@pytest.fixture
async def office() -> Office:
    """Two records of one person, the second with a card, made one."""
    office = Office()
    survivor = await office.registered()
    duplicate = await office.registered(number=SECOND, citizen_number="066090000026")
    card = {"card_number": CARD_NUMBER, "social_insurance_number": SECOND}
    (row,) = await feed(office, duplicate, rows.card_row(**card))
    assert row["outcome"] == "recorded", row
    merged = await office.post(f"participants/{survivor}/merge", {"duplicate_id": duplicate})
    assert merged.status == 200, merged.body
    return office


async def test_every_number_and_card_moves_also_those_that_passed_on_with_a_merge(office: Office) -> None:
    assert await rotation_of(office).moves_everything() >= 5


async def test_people_and_cards_are_found_by_the_new_key_alone(office: Office) -> None:
    rotation = rotation_of(office)
    old = CardNumbers(office.service.reservations, office.service.blind_index)
    holder = await old.owner_of(CARD_NUMBER)
    await rotation.re_index()
    numbers = ParticipantNumbers(office.service.reservations, rotation.new_index)
    cards = CardNumbers(office.service.reservations, rotation.new_index)
    for number in (FIRST, SECOND):
        assert await numbers.find_owner(("social_insurance_number", number)) is not None
    assert holder is not None
    assert await cards.owner_of(CARD_NUMBER) == holder
    assert await old.owner_of(CARD_NUMBER) is None, "nothing is left under the old key"


async def test_it_can_be_done_again(office: Office) -> None:
    rotation = rotation_of(office)
    assert (await rotation.re_index()).moved > 0
    assert (await rotation.re_index()).moved == 0
