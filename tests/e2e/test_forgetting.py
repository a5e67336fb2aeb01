"""R-11: after a person was forgotten nothing of them is found anywhere, and whatever is replayed goes on."""

import asyncio
import mmap
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from ansinh_kit.event_store.mongo.documents import COMMITS, POSITIONS
from ansinh_kit.events import ERASED
from ansinh_kit.mongo import connect
from devtools.operations import forgetting
from devtools.processes.process import Command
from devtools.story.cast import Cast
from records.projections.catalogue import VIEW_NAMES

from tests.e2e.telling import tell
from tests.e2e.test_no_leaks import found_in, logs, stored_documents
from tests.plugins.system import RunningSystem

pytestmark = [pytest.mark.system, pytest.mark.slow]

SERVICES = ("auth", "registration", "notifications", "records")
LEGAL_BASIS = "Bản án có hiệu lực số 18/2026, buộc xóa dữ liệu cá nhân"
# Shorter values, such as codes, stand by chance in any file of some size.
SHORTEST_IN_RAW_BYTES = 7

Backup = Mapping[str, Mapping[str, list[dict[str, Any]]]]


@pytest.mark.sec("PII-06")
@pytest.mark.sec("R-11")
@pytest.mark.timeout(400)  # a story, and a process for each rebuild
async def test_of_a_forgotten_person_nothing_is_found_and_everything_goes_on(system: RunningSystem) -> None:
    cast = await tell(system)
    backup = await backed_up(system)

    outcome = await asyncio.to_thread(forget, system, cast.citizen.social_insurance_number)
    assert len(outcome.person_ids) == 1

    values = cast.personal_values()
    assert found_in(values, logs(system)) == set()
    assert found_in(values, await stored_documents(system)) == set()
    assert found_in(values, (repr(documents) for one in backup.values() for documents in one.values())) == set()
    assert {name: found for name, found in raw_finds(values, system.layout.data) if found} == {}
    # The search reads what it should: an id, which is no secret, stands in files of the database.
    assert any(found for _, found in raw_finds({cast.record.participant_id}, system.layout.data / "database"))
    await asyncio.to_thread(rebuild, system.environment("records"), *VIEW_NAMES)
    await the_account_is_gone(system, cast)
    await the_restored_backup_says_erased(system, cast, backup)


@pytest.mark.sec("PII-06")
async def test_without_a_legal_basis_the_record_is_kept_and_its_person_still_reads_it(system: RunningSystem) -> None:
    cast = await tell(system)

    outcome = forgetting.forget(services(system), cast.record.participant_id, None)

    assert outcome == forgetting.Outcome("restricted", (cast.record.participant_id,))
    async with aiohttp.ClientSession() as http:
        device = await logged_in(system, cast, http)
        async with http.get(f"{system.gateway_url}/api{cast.record.own('person')}", headers=device) as page:
            assert (await page.json())["full_name"] == cast.citizen.full_name


def services(system: RunningSystem) -> Mapping[str, Command]:
    return {name: system.plan.named(name).command for name in SERVICES}


def forget(system: RunningSystem, who: str) -> forgetting.Outcome:
    """Do it twice: whoever died half-way does it again. The second time the number leads nowhere any more."""
    outcome = forgetting.forget(services(system), who, LEGAL_BASIS)
    assert forgetting.forget(services(system), outcome.participant_ids[0], LEGAL_BASIS) == outcome
    forgetting.wait_for_others(services(system), outcome.person_ids)
    return outcome


async def backed_up(system: RunningSystem) -> Backup:
    """Return every document of the services' databases; the keyrings have backups of their own."""
    client = connect(system.mongodb_url, app_name="test-backup")
    try:
        return {
            service: {
                name: await client.database(system.database(service))[name].find({}).to_list()
                for name in await client.database(system.database(service)).list_collection_names()
            }
            for service in SERVICES
        }
    finally:
        client.close()


def raw_finds(values: set[str], folder: Path) -> Iterator[tuple[str, set[bytes]]]:
    """Yield, for each file of database and broker, the values that stand in its bytes as words of their own."""
    long_enough = sorted(value.encode() for value in values if len(value) >= SHORTEST_IN_RAW_BYTES)
    search = re.compile(rb"(?<![\w.])(?:" + b"|".join(map(re.escape, long_enough)) + rb")(?!\w)")
    for path in folder.rglob("*"):
        # The sandbox is the person's phone and mail program.
        if path.is_file() and path.stat().st_size and path.name != "sandbox.log":
            with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
                yield str(path.relative_to(folder)), set(search.findall(content))


def rebuild(environment: Mapping[str, str], *views: str) -> None:
    for view in views:
        done = subprocess.run(  # noqa: S603 - our own service
            [sys.executable, "-m", "records", "views", "rebuild", view],
            env=dict(environment),
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, (view, done.stderr[-2_000:])


async def the_account_is_gone(system: RunningSystem, cast: Cast) -> None:
    async with aiohttp.ClientSession() as http:
        url = f"{system.gateway_url}/api/auth/v1/sessions"
        async with http.post(url, json=_credentials(cast)) as answer:
            assert answer.status == 401
        number = {"kind": "social_insurance_number", "number": cast.citizen.social_insurance_number}
        find = f"{system.gateway_url}/api/records/v1/staff/participants/find"
        async with http.post(find, json=number, headers=cast.office.headers) as answer:
            assert answer.status == 404


async def the_restored_backup_says_erased(system: RunningSystem, cast: Cast, backup: Backup) -> None:
    """A backup from before, beside the keyring as it is now: the person stays erased, the child is as it was."""
    restored = f"{system.database('records')}_restored"
    client = connect(system.mongodb_url, app_name="test-restore")
    try:
        database = client.database(restored)
        for name in (COMMITS, POSITIONS):
            await database[name].insert_many(backup["records"][name])
        await asyncio.to_thread(rebuild, {**system.environment("records"), "RECORDS_DATABASE": restored}, "person")
        (build,) = [name for name in await database.list_collection_names() if name.startswith("view_person_v")]
        page = await database[build].find_one({"_id": cast.record.participant_id})
        child = await database[build].find_one({"_id": cast.record.child_id})
    finally:
        client.close()
    assert page is not None
    assert child is not None
    assert page["values"] == ERASED
    assert "_personal" in child


async def logged_in(system: RunningSystem, cast: Cast, http: aiohttp.ClientSession) -> dict[str, str]:
    async with http.post(f"{system.gateway_url}/api/auth/v1/sessions", json=_credentials(cast)) as answer:
        assert answer.status == 201
        return {"Authorization": f"Bearer {(await answer.json())['token']}"}


def _credentials(cast: Cast) -> dict[str, object]:
    return {
        "user_name": cast.citizen.social_insurance_number,
        "password": cast.citizen.password,
        "device": {"kind": "desktop", "name": "Máy thử"},
    }
