"""What all reservations must do; each adapter's test class inherits it and gives the fixture `reservations`."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from ansinh_kit.errors import ConcurrencyConflictError, RefusedError, UnavailableError
from ansinh_kit.event_store.memory import InMemoryCommitLog
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.events import Metadata
from ansinh_kit.reservations import AlreadyReservedError, Reservations, Swept
from ansinh_kit.testing.clock import FixedClock
from ansinh_kit.testing.plain_codec import PlainCodec

from tests.kit.event_store.rooms import REGISTRY, RoomOpened

SCOPE, KEY, OTHER_KEY = "number", "ab" * 32, "cd" * 32
OLD = timedelta(hours=1)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime(2026, 3, 2, 9, 0, tzinfo=UTC))


@pytest.fixture
def store() -> EventStore:
    return EventStore(InMemoryCommitLog(), PlainCodec(REGISTRY))


async def commit(store: EventStore, commit_id: str) -> None:
    await store.append(
        f"room-{commit_id}",
        [RoomOpened(room_id=commit_id)],
        expected_version=0,
        commit_id=commit_id,
        metadata=Metadata(correlation_id="c"),
    )


class ReservationsContract:
    async def test_a_free_key_has_no_owner(self, reservations: Reservations) -> None:
        assert await reservations.find_owner(SCOPE, KEY) is None

    async def test_a_reserved_key_has_its_owner(self, reservations: Reservations) -> None:
        await reservations.reserve(SCOPE, KEY, owner="a", commit_id="c-1")
        assert await reservations.find_owner(SCOPE, KEY) == "a"
        assert await reservations.find_owner("another scope", KEY) is None

    async def test_the_owners_of_many_keys_are_found_at_once(self, reservations: Reservations) -> None:
        await reservations.reserve(SCOPE, KEY, owner="a", commit_id="c-1")
        await reservations.reserve("another scope", OTHER_KEY, owner="b", commit_id="c-2")
        assert await reservations.find_owners(SCOPE, [KEY, OTHER_KEY, "ef" * 32]) == {KEY: "a"}
        assert await reservations.find_owners(SCOPE, []) == {}
        many = [f"{number:064x}" for number in range(250)]
        assert await reservations.find_owners(SCOPE, [*many, KEY]) == {KEY: "a"}

    async def test_another_owner_is_refused_and_told_whose_it_is(self, reservations: Reservations) -> None:
        await reservations.reserve(SCOPE, KEY, owner="a", commit_id="c-1")
        with pytest.raises(AlreadyReservedError) as refusal:
            await reservations.reserve(SCOPE, KEY, owner="b", commit_id="c-2")
        assert (refusal.value.scope, refusal.value.owner) == (SCOPE, "a")

    async def test_the_same_owner_may_ask_again(self, reservations: Reservations) -> None:
        for commit_id in ("c-1", "c-1", "c-2"):
            await reservations.reserve(SCOPE, KEY, owner="a", commit_id=commit_id)
        assert await reservations.find_owner(SCOPE, KEY) == "a"

    async def test_of_many_owners_at_once_one_wins(self, reservations: Reservations) -> None:
        answers = await asyncio.gather(
            *(reservations.reserve(SCOPE, KEY, owner=f"o-{n}", commit_id=f"c-{n}") for n in range(20)),
            return_exceptions=True,
        )
        winners = [number for number, answer in enumerate(answers) if answer is None]
        assert [f"o-{winner}" for winner in winners] == [await reservations.find_owner(SCOPE, KEY)]

    async def test_a_released_key_is_free(self, reservations: Reservations) -> None:
        await reservations.reserve(SCOPE, KEY, owner="a", commit_id="c-1")
        await reservations.release(SCOPE, KEY, owner="b")
        assert await reservations.find_owner(SCOPE, KEY) == "a"
        await reservations.release(SCOPE, KEY, owner="a")
        await reservations.reserve(SCOPE, KEY, owner="b", commit_id="c-2")

    @pytest.mark.sec("F-40")
    async def test_a_key_moves_with_its_owner_and_its_commits(
        self, reservations: Reservations, store: EventStore, clock: FixedClock
    ) -> None:
        await reservations.reserve(SCOPE, KEY, owner="a", commit_id="c-1")
        assert await reservations.move(SCOPE, KEY, OTHER_KEY)
        assert not await reservations.move(SCOPE, KEY, OTHER_KEY), "done before"
        assert await reservations.find_owners(SCOPE, [KEY, OTHER_KEY]) == {OTHER_KEY: "a"}
        await commit(store, "c-1")
        clock.advance(2 * OLD)
        assert await reservations.sweep(store, OLD) == Swept(confirmed=1, freed=0, left=0)
        assert await reservations.move(SCOPE, OTHER_KEY, KEY)
        await reservations.give_back(SCOPE, KEY, owner="a", commit_id="c-1")
        assert await reservations.find_owner(SCOPE, KEY) == "a", "confirmed as it was"

    @pytest.mark.sec("F-40")
    async def test_a_key_joins_what_its_owner_has_there_and_takes_nothing_from_another(
        self, reservations: Reservations
    ) -> None:
        for key, commit_id in ((KEY, "c-1"), (OTHER_KEY, "c-2")):
            await reservations.reserve(SCOPE, key, owner="a", commit_id=commit_id)
        assert await reservations.move(SCOPE, KEY, OTHER_KEY)
        await reservations.give_back(SCOPE, OTHER_KEY, owner="a", commit_id="c-2")
        assert await reservations.find_owner(SCOPE, OTHER_KEY) == "a", "c-1 needs it"
        await reservations.reserve(SCOPE, KEY, owner="b", commit_id="c-3")
        with pytest.raises(AlreadyReservedError) as refusal:
            await reservations.move(SCOPE, KEY, OTHER_KEY)
        assert refusal.value.owner == "a"
        assert await reservations.find_owners(SCOPE, [KEY, OTHER_KEY]) == {KEY: "b", OTHER_KEY: "a"}

    async def test_of_several_keys_all_are_reserved_or_none(self, reservations: Reservations) -> None:
        await reservations.reserve(SCOPE, OTHER_KEY, owner="a", commit_id="c-1")
        with pytest.raises(AlreadyReservedError):
            await reservations.reserve_all([(SCOPE, KEY), (SCOPE, OTHER_KEY)], owner="b", commit_id="c-2")
        assert await reservations.find_owner(SCOPE, KEY) is None
        await reservations.reserve_all([(SCOPE, KEY), (SCOPE, OTHER_KEY)], owner="a", commit_id="c-3")

    async def test_what_an_earlier_command_reserved_survives_the_refusal_of_a_later_one(
        self, reservations: Reservations
    ) -> None:
        await reservations.reserve(SCOPE, KEY, owner="a", commit_id="c-1")
        with pytest.raises(RefusedError):
            async with reservations.held([(SCOPE, KEY)], owner="a", commit_id="c-2"):
                raise RefusedError
        assert await reservations.find_owner(SCOPE, KEY) == "a"

    async def test_keys_are_given_back_when_the_domain_refuses(self, reservations: Reservations) -> None:
        with pytest.raises(RefusedError):
            async with reservations.held([(SCOPE, KEY)], owner="a", commit_id="c-1"):
                raise RefusedError
        assert await reservations.find_owner(SCOPE, KEY) is None

    async def test_keys_are_kept_when_the_outcome_is_unknown(self, reservations: Reservations) -> None:
        with pytest.raises(UnavailableError):
            async with reservations.held([(SCOPE, KEY)], owner="a", commit_id="c-1"):
                raise UnavailableError("mongodb")
        assert await reservations.find_owner(SCOPE, KEY) == "a"

    async def test_a_sweep_confirms_what_was_committed(
        self, reservations: Reservations, store: EventStore, clock: FixedClock
    ) -> None:
        await reservations.reserve(SCOPE, KEY, owner="a", commit_id="c-1")
        await commit(store, "c-1")
        clock.advance(2 * OLD)
        assert await reservations.sweep(store, OLD) == Swept(confirmed=1, freed=0, left=0)
        assert await reservations.sweep(store, OLD) == Swept(0, 0, 0)
        await reservations.give_back(SCOPE, KEY, owner="a", commit_id="c-1")
        assert await reservations.find_owner(SCOPE, KEY) == "a"

    async def test_a_sweep_leaves_young_reservations_alone(self, reservations: Reservations, store: EventStore) -> None:
        await reservations.reserve(SCOPE, KEY, owner="a", commit_id="c-1")
        assert await reservations.sweep(store, OLD) == Swept(0, 0, 0)

    async def test_a_dead_commands_key_stays_its_owners_until_somebody_else_asks(
        self, reservations: Reservations, store: EventStore, clock: FixedClock
    ) -> None:
        await reservations.reserve(SCOPE, KEY, owner="a", commit_id="c-1")
        clock.advance(2 * OLD)
        assert await reservations.sweep(store, OLD) == Swept(confirmed=0, freed=0, left=1)
        await commit(store, "c-1")

    async def test_a_dead_commands_key_goes_to_the_next_who_asks(
        self, reservations: Reservations, store: EventStore, clock: FixedClock
    ) -> None:
        await reservations.reserve(SCOPE, KEY, owner="a", commit_id="c-1")
        with pytest.raises(AlreadyReservedError):
            await reservations.reserve(SCOPE, KEY, owner="b", commit_id="c-2")
        clock.advance(2 * OLD)
        assert await reservations.sweep(store, OLD) == Swept(confirmed=0, freed=1, left=0)
        await reservations.reserve(SCOPE, KEY, owner="b", commit_id="c-2")

    async def test_a_command_whose_key_was_given_away_can_no_longer_commit(
        self, reservations: Reservations, store: EventStore, clock: FixedClock
    ) -> None:
        await reservations.reserve(SCOPE, KEY, owner="a", commit_id="c-1")
        with pytest.raises(AlreadyReservedError):
            await reservations.reserve(SCOPE, KEY, owner="b", commit_id="c-2")
        clock.advance(2 * OLD)
        await reservations.sweep(store, OLD)
        with pytest.raises(ConcurrencyConflictError):
            await commit(store, "c-1")

    async def test_a_reservation_renewed_during_a_sweep_is_not_freed(
        self, reservations: Reservations, clock: FixedClock
    ) -> None:
        await reservations.reserve(SCOPE, KEY, owner="a", commit_id="c-1")
        clock.advance(2 * OLD)
        (pending,) = await reservations.pending_before(clock.now())
        await reservations.reserve(SCOPE, KEY, owner="a", commit_id="c-1")
        await reservations.free(pending)
        assert await reservations.find_owner(SCOPE, KEY) == "a"

    @pytest.mark.parametrize("confirmed", [False, True])
    async def test_a_key_its_owner_needs_no_more_is_freed_unless_another_command_asked_for_it(
        self, reservations: Reservations, store: EventStore, clock: FixedClock, *, confirmed: bool
    ) -> None:
        await reservations.reserve(SCOPE, KEY, owner="a", commit_id="c-1")
        if confirmed:
            await commit(store, "c-1")
            clock.advance(2 * OLD)
            await reservations.sweep(store, OLD)
        await reservations.reserve(SCOPE, KEY, owner="a", commit_id="c-2")
        await reservations.release_unless_asked_anew(SCOPE, KEY, owner="a", known={"c-1"})
        await reservations.release_unless_asked_anew(SCOPE, KEY, owner="b", known={"c-1", "c-2"})
        assert await reservations.find_owner(SCOPE, KEY) == "a"
        await reservations.release_unless_asked_anew(SCOPE, KEY, owner="a", known={"c-1", "c-2", "c-3"})
        assert await reservations.find_owner(SCOPE, KEY) is None

    async def test_everything_of_an_owner_is_released_at_once_confirmed_or_not(
        self, reservations: Reservations, store: EventStore, clock: FixedClock
    ) -> None:
        await reservations.reserve(SCOPE, KEY, owner="a", commit_id="c-1")
        await commit(store, "c-1")
        clock.advance(2 * OLD)
        await reservations.sweep(store, OLD)
        await reservations.reserve(SCOPE, "another", owner="a", commit_id="c-2")
        await reservations.reserve(SCOPE, "not-yours", owner="b", commit_id="c-3")
        await reservations.release_all("a")
        assert await reservations.find_owners(SCOPE, [KEY, "another", "not-yours"]) == {"not-yours": "b"}
