"""Rebuilding and rolling back a read model from outside, by the service's own process, while it is written and read."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from ansinh_kit.event_store.codec import JsonCodec
from ansinh_kit.event_store.mongo import MongoCommitLog
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.events import Metadata
from ansinh_kit.key_list import KeyList, NamedKey
from ansinh_kit.mongo import MongoClient, connect
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.personal_data.mongo_keyring import MongoKeyring
from ansinh_kit.personal_data.sealing import public_keys_of
from ansinh_kit.personal_data.wrapping import LocalKeyWrapper
from ansinh_kit.projections.projector import Projector
from ansinh_kit.projections.view import View
from devtools.errors import ToldError
from devtools.operations.views import NoSuchViewError, Step, ViewOperations
from devtools.processes.process import Command
from devtools.system.layout import ROOT
from registration.domain.declaration.events import DeclarationSubmitted
from registration.events import EVENTS, UPCASTERS
from registration.projections.review_queue import ReviewQueue

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(120)]

KEY = KeyList((NamedKey("test", b"k" * 32),))
DECLARATIONS = 600  # two pages of the log
AT = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture
def command(mongo_url: str, database_name: str, tmp_path: Path) -> Command:
    own = {
        "PORT": "0",
        "MONGODB_URL": mongo_url,
        "AMQP_URL": "amqp://127.0.0.1:1/",
        "DATABASE": database_name,
        "KEYRING_DATABASE": f"{database_name}_keyring",
        **dict.fromkeys(("ASSERTION_KEYS", "WRAPPING_KEYS", "BLIND_INDEX_KEYS", "SEALING_PRIVATE_KEY"), KEY.to_text()),
        "SEALING_PUBLIC_KEYS": json.dumps({"registration": public_keys_of(KEY).to_text()}),
    }
    environment = {"PATH": os.environ["PATH"]} | {f"REGISTRATION_{name}": value for name, value in own.items()}
    return Command(
        name="registration", arguments=(), environment=environment, directory=ROOT, log_file=tmp_path / "log"
    )


@pytest.fixture
def operations(command: Command) -> ViewOperations:
    return ViewOperations([command])


class Service:
    """The service as far as its review queue goes: a log that is written, a projector, and what officers see."""

    def __init__(self, client: MongoClient, database_name: str) -> None:
        database = client.database(database_name)
        keyring = MongoKeyring(client.database(f"{database_name}_keyring"), LocalKeyWrapper(KEY))
        cipher = PersonalDataCipher(keyring)
        self.log = MongoCommitLog(database)
        self.store = EventStore(self.log, JsonCodec(EVENTS, cipher, UPCASTERS))
        self.queue = View(database=database, projection=ReviewQueue(), cipher=cipher)
        self.projector = Projector(store=self.store, database=database, projection=ReviewQueue(), cipher=cipher)

    async def submit(self, first: int, last: int) -> None:
        await asyncio.gather(*(self._submit(f"{number:032}") for number in range(first, last)))

    async def _submit(self, declaration_id: str) -> None:
        submitted = DeclarationSubmitted(
            declaration_id=declaration_id,
            person_id="p" * 32,
            occurred_at=AT,
            dossier_number="00018/2026/06601",
            agency_code="06601",
            due_at=AT,
            language="vi",
        )
        await self.store.append(
            f"declaration-{declaration_id}",
            [submitted],
            expected_version=0,
            commit_id=declaration_id,
            metadata=Metadata(correlation_id="test"),
        )

    async def fill(self) -> None:
        """Have a log of several pages, all of it in the queue."""
        await self.submit(1, DECLARATIONS)
        await self.project()

    async def project(self) -> None:
        await self.projector.catch_up(await self.projector.generations.active_or_first())


@pytest.fixture
async def service(mongo_url: str, database_name: str) -> AsyncIterator[Service]:
    client = connect(mongo_url, app_name="test-views")
    service = Service(client, database_name)
    await service.log.start()
    await service.submit(0, 1)
    await service.project()
    yield service
    await service.log.close()
    client.close()


async def test_a_rebuild_goes_forward_switches_and_can_be_rolled_back(
    service: Service, operations: ViewOperations
) -> None:
    await service.fill()

    steps = await asyncio.to_thread(lambda: list(operations.rebuild("review_queue", drop_old=False)))

    *folded, switched = steps
    positions = [step["position"] for step in folded]
    assert positions == sorted(positions)
    assert len(positions) == 2
    assert (folded[-1]["position"], folded[-1]["events"]) == (DECLARATIONS, DECLARATIONS)
    assert switched == {"step": "switched", "collection": "view_review_queue_v1_g2"}
    assert await service.queue.count({}) == DECLARATIONS

    back = await asyncio.to_thread(lambda: list(operations.roll_back("review_queue")))
    assert back == [{"step": "switched", "collection": "view_review_queue_v1_g1"}]


async def test_what_is_written_during_a_rebuild_is_in_both_builds(service: Service, operations: ViewOperations) -> None:
    await service.fill()

    rebuilding = asyncio.create_task(asyncio.to_thread(lambda: list(operations.rebuild("review_queue", drop_old=True))))
    written = DECLARATIONS
    while not rebuilding.done():
        await service.submit(written, written + 20)
        written += 20
        await service.project()
        assert await service.queue.count({}) >= DECLARATIONS, "officers see the whole queue all the time"
    await service.project()

    assert (await rebuilding)[-1] == {"step": "dropped", "collections": ["view_review_queue_v1_g1"]}
    assert await service.queue.count({}) == written


async def test_a_rebuild_that_is_killed_changes_nothing_and_the_next_one_succeeds(
    service: Service, operations: ViewOperations
) -> None:
    await service.fill()

    def leave_early() -> Step:
        steps = operations.rebuild("review_queue", drop_old=False)
        first = next(steps)
        steps.close()
        return first

    first = await asyncio.to_thread(leave_early)

    assert first["position"] < DECLARATIONS
    assert (await service.projector.generations.active_or_first()).number == 1
    assert await service.queue.count({}) == DECLARATIONS
    steps = await asyncio.to_thread(lambda: list(operations.rebuild("review_queue", drop_old=True)))
    assert steps[-2]["collection"] == "view_review_queue_v1_g3"
    assert sorted(steps[-1]["collections"]) == ["view_review_queue_v1_g1", "view_review_queue_v1_g2"]
    assert await service.queue.count({}) == DECLARATIONS


async def test_without_an_earlier_build_a_roll_back_says_so(service: Service, operations: ViewOperations) -> None:
    del service

    with pytest.raises(ToldError, match="registration: review_queue: there is no earlier build to go back to"):
        await asyncio.to_thread(lambda: list(operations.roll_back("review_queue")))


async def test_an_unknown_view_is_refused_with_those_there_are(service: Service, operations: ViewOperations) -> None:
    del service

    with pytest.raises(NoSuchViewError, match="no read model participations; there are: review_queue"):
        await asyncio.to_thread(lambda: operations.rebuild("participations", drop_old=False))
