"""A new root key of the blind index: whoever holds a number holds it under the new one, and never not at all."""

from collections.abc import Iterable
from typing import Annotated, ClassVar

import pytest
from ansinh_kit.event_store.codec import JsonCodec
from ansinh_kit.event_store.memory import InMemoryCommitLog
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.events import DomainEvent, EventRegistry, Metadata, Personal
from ansinh_kit.key_list import KeyList, NamedKey
from ansinh_kit.personal_data.blind_index import BlindIndex
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.personal_data.keyring import InMemoryKeyring
from ansinh_kit.re_indexing import Number, ReIndexed, ReIndexing
from ansinh_kit.reservations import InMemoryReservations

pytestmark = [pytest.mark.sec("F-40"), pytest.mark.sec("PII-05")]

OLD, NEW = NamedKey("old", b"o" * 32), NamedKey("new", b"n" * 32)
SCOPE = "number"


class Told(DomainEvent):
    event_type: ClassVar[str] = "told"
    subject_field: ClassVar[str | None] = "person_id"

    person_id: str
    number: Annotated[str | None, Personal()] = None


def numbers_told(event: DomainEvent) -> Iterable[Number]:
    return [(SCOPE, event.number)] if isinstance(event, Told) and event.number is not None else ()


class World:
    """People whose numbers were told and reserved, and lists of root keys to look for them with."""

    def __init__(self) -> None:
        self.keyring = InMemoryKeyring()
        self.cipher = PersonalDataCipher(self.keyring)
        self.store = EventStore(InMemoryCommitLog(), JsonCodec(EventRegistry.of([Told]), self.cipher))
        self.reservations = InMemoryReservations()
        self.reports: list[ReIndexed] = []

    async def tell(self, person_id: str, number: str, *keys: NamedKey) -> None:
        for index in BlindIndex(KeyList(keys)).all_of(SCOPE, number):
            await self.reservations.reserve(SCOPE, index, owner=person_id, commit_id=f"told-{person_id}")
        told = Told(person_id=person_id, number=number)
        metadata = Metadata(correlation_id="c")
        await self.store.append(
            f"person-{person_id}", [told], expected_version=0, commit_id=f"told-{person_id}", metadata=metadata
        )

    async def re_index(self, after: int = 0) -> ReIndexed:
        work = ReIndexing(
            store=self.store,
            reservations=self.reservations,
            blind_index=BlindIndex(KeyList((NEW, OLD))),
            cipher=self.cipher,
            numbers_told=numbers_told,
        )
        return await work(after=after, report=self.reports.append)

    async def owner(self, number: str, key: NamedKey) -> str | None:
        return await self.reservations.find_owner(SCOPE, BlindIndex(KeyList((key,))).of(SCOPE, number))


@pytest.fixture
def world() -> World:
    return World()


async def test_what_stands_under_the_old_key_moves_and_nothing_is_left_there(world: World) -> None:
    await world.tell("anh", "1", OLD)
    await world.tell("bình", "2", NEW, OLD)
    done = await world.re_index()
    assert (done.moved, done.left, done.position) == (2, 0, done.last_position)
    assert [await world.owner(number, NEW) for number in "12"] == ["anh", "bình"]
    assert [await world.owner(number, OLD) for number in "12"] == [None, None]


async def test_it_can_be_repeated_and_gone_on_with(world: World) -> None:
    await world.tell("anh", "1", OLD)
    await world.tell("bình", "2", OLD)
    assert (await world.re_index(after=1)).moved == 1, "what was done before is not looked at again"
    assert (await world.re_index()).moved == 1
    assert (await world.re_index()).moved == 0
    assert world.reports[-1].position == world.reports[-1].last_position


async def test_a_number_that_has_passed_on_moves_for_whom_it_is_now(world: World) -> None:
    """As a card's does by a merge: the event that told it is the duplicate's, the number is the survivor's."""
    await world.tell("anh", "1", OLD)
    old = BlindIndex(KeyList((OLD,))).of(SCOPE, "1")
    await world.reservations.release(SCOPE, old, owner="anh")
    await world.reservations.reserve(SCOPE, old, owner="chi", commit_id="merge")
    assert (await world.re_index()).moved == 1
    assert await world.owner("1", NEW) == "chi"


async def test_a_number_somebody_else_asks_for_at_this_moment_is_left_and_told(world: World) -> None:
    await world.tell("anh", "1", OLD)
    new = BlindIndex(KeyList((NEW,))).of(SCOPE, "1")
    await world.reservations.reserve(SCOPE, new, owner="kẻ khác", commit_id="asking")
    assert (await world.re_index()).left == 1
    assert await world.owner("1", OLD) == "anh", "still refused to everybody else"
    await world.reservations.give_back(SCOPE, new, owner="kẻ khác", commit_id="asking")
    done = await world.re_index()
    assert (done.moved, done.left) == (1, 0)


@pytest.mark.sec("PII-06")
async def test_a_forgotten_persons_number_is_not_reserved_again(world: World) -> None:
    await world.tell("anh", "1", OLD)
    await world.keyring.forget("anh")
    await world.reservations.release_all("anh")
    assert (await world.re_index()).moved == 0
    assert await world.owner("1", NEW) is None


@pytest.mark.sec("PII-06")
async def test_who_is_forgotten_while_a_number_moves_holds_nothing_after_it(world: World) -> None:
    await world.tell("anh", "1", OLD)

    class ForgottenMeanwhile(InMemoryReservations):
        async def move(self, scope: str, key: str, to: str) -> bool:
            await world.keyring.forget("anh")
            await self.release(scope, key, owner="anh")
            await self.reserve(scope, to, owner="anh", commit_id="told-anh")
            return True

    reservations = ForgottenMeanwhile()
    await reservations.reserve(SCOPE, BlindIndex(KeyList((OLD,))).of(SCOPE, "1"), owner="anh", commit_id="told-anh")
    world.reservations = reservations
    await world.re_index()
    assert await world.owner("1", NEW) is None
