"""Rotation of the blind index: every number is found before, between and after, and is nobody else's at any moment."""

import pytest
from ansinh_kit.key_list import KeyList, NamedKey
from ansinh_kit.mongo import Database
from ansinh_kit.personal_data.blind_index import BlindIndex
from ansinh_kit.re_indexing import ReIndexed
from ansinh_kit.reservations import MongoReservations
from auth.handlers.contact_seats import ALONE, ContactSeats, ContactTakenError
from auth.handlers.re_indexing import ReIndexing
from auth.storage.holders import Holders
from auth.storage.identities import Identities, IdentityKey
from auth.storage.keys_in_use import KeysInUse, older_keys_in_use

from tests.auth.service import NUMBER, PHONE, AuthService

pytestmark = [pytest.mark.sec("F-40"), pytest.mark.sec("PII-05")]

# The key under which `AuthService` reserves.
OLD, NEW = NamedKey("test", b"b" * 32), NamedKey("new", b"n" * 32)
CITIZEN_NUMBER = "066185000001"


class Rotated:
    """The same database under other lists of root keys."""

    def __init__(self, auth: AuthService, database: Database, *keys: NamedKey) -> None:
        reservations, index = MongoReservations(database, clock=auth.clock), BlindIndex(KeyList(keys))
        self.identities = Identities(reservations, index)
        self._holders = Holders(auth.store)
        self.seats = ContactSeats(reservations=reservations, index=index, holders=self._holders)
        self.reports: list[ReIndexed] = []
        self._work = ReIndexing(
            store=auth.store,
            identities=self.identities,
            seats=self.seats,
            cipher=auth.use_cases.re_indexing._cipher,
            clock=auth.clock,
        )

    async def re_index(self, after: int = 0) -> ReIndexed:
        return await self._work(after=after, report=self.reports.append)

    async def owners(self) -> list[str | None]:
        keys: list[IdentityKey] = [
            self.identities.of_insurance_number(NUMBER),
            self.identities.of_identity("citizen_id", CITIZEN_NUMBER),
        ]
        return [await self.identities.find_account(key) for key in keys]


async def test_people_are_found_under_old_both_and_new_keys(auth: AuthService, database: Database) -> None:
    account_id = await auth.open_account()
    both, only_new = Rotated(auth, database, NEW, OLD), Rotated(auth, database, NEW)
    assert await both.owners() == [account_id] * 2
    assert await only_new.owners() == [None, None]

    done = await both.re_index()
    assert (done.moved, done.position) == (3, done.last_position)
    assert await only_new.owners() == [account_id] * 2
    assert await Rotated(auth, database, OLD).owners() == [None, None], "nothing is left under the old key"


async def test_it_can_be_repeated_and_gone_on_with(auth: AuthService, database: Database) -> None:
    await auth.open_account()
    rotated = Rotated(auth, database, NEW, OLD)
    last = await auth.store.last_position()
    assert (await rotated.re_index(after=last)).moved == 0, "what was done before is not looked at again"
    assert (await rotated.re_index()).moved == 3
    assert (await rotated.re_index()).moved == 0
    assert rotated.reports[-1].position == last


async def test_a_number_stays_taken_while_it_moves(auth: AuthService, database: Database) -> None:
    account_id = await auth.open_account()
    rotated = Rotated(auth, database, NEW, OLD)
    reservations = MongoReservations(database, clock=auth.clock)
    key = rotated.identities.of_insurance_number(NUMBER)
    # Killed between the two writes: under both keys, the owner's.
    await reservations.reserve(key.scope, key.index, owner=account_id, commit_id="moving")
    assert await rotated.owners() == [account_id] * 2
    assert (await rotated.re_index()).moved == 3
    assert await Rotated(auth, database, NEW).owners() == [account_id] * 2


@pytest.mark.sec("PII-06")
async def test_a_forgotten_person_is_not_indexed_again(auth: AuthService, database: Database) -> None:
    await auth.open_account()
    await auth.keyring.forget("b" * 32)
    rotated = Rotated(auth, database, NEW, OLD)
    await rotated.identities.release_all(await auth.account_id())
    assert (await rotated.re_index()).moved == 0
    assert await Rotated(auth, database, NEW).owners() == [None, None]


async def test_staff_log_in_by_their_name_after_the_rotation(auth: AuthService, database: Database) -> None:
    enrolled = await auth.use_cases.staff.enrol(
        user_name="hanh.le", role="officer", agency_code="06601", password="cổng làng có cây đa già", reason="thử"
    )
    assert (await Rotated(auth, database, NEW, OLD).re_index()).moved == 1
    new = Rotated(auth, database, NEW).identities
    assert await new.find_account(new.of_staff("Hanh.Le")) == enrolled.staff_id


@pytest.mark.req("V-16")
async def test_a_phone_is_taken_under_old_both_and_new_keys(auth: AuthService, database: Database) -> None:
    await auth.open_account()
    await Rotated(auth, database, NEW, OLD).re_index()
    for keys in ((NEW, OLD), (NEW,)):
        seats = Rotated(auth, database, *keys).seats
        with pytest.raises(ContactTakenError):
            await seats.take(
                "phone", PHONE, account_id="another", most=ALONE, commit_id="another", now=auth.clock.now()
            )


async def test_what_older_keys_still_hold_is_counted(auth: AuthService, database: Database) -> None:
    await auth.active_account()
    peppers = KeyList((NamedKey("next", b"x" * 32), NamedKey("test", b"p" * 32)))
    code_keys = KeyList((NamedKey("next", b"x" * 32), NamedKey("test", b"c" * 32)))
    now = auth.clock.now()

    async def in_use() -> KeysInUse:
        return await older_keys_in_use(database, peppers=peppers, code_keys=code_keys, index_since=now, now=now)

    assert await in_use() == KeysInUse(passwords={"test": 1}, codes={"test": 0}, objections=0, unsent=0)
    await auth.log_in()
    await auth.ask_for_code(await auth.second_device())
    assert (await in_use()).codes == {"test": 1}
