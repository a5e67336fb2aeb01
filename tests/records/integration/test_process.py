"""The service as a process: started by its own command, over its real database and broker."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Mapping

import pytest
from ansinh_kit.key_list import KeyList, NamedKey
from ansinh_kit.personal_data.sealing import public_keys_of

from tests.eventually import eventually


def _keys(letter: str) -> KeyList:
    return KeyList((NamedKey("test", letter.encode() * 32),))


@pytest.fixture
def environment(mongo_url: str, amqp_url: str, database_name: str, broker_namespace: str) -> Mapping[str, str]:
    own = {
        "PORT": "0",
        "MONGODB_URL": mongo_url,
        "AMQP_URL": amqp_url,
        "NAMESPACE": broker_namespace,
        "DATABASE": database_name,
        "KEYRING_DATABASE": f"{database_name}_keyring",
        "ASSERTION_KEYS": _keys("a").to_text(),
        "WRAPPING_KEYS": _keys("w").to_text(),
        "CARD_CODE_KEYS": _keys("c").to_text(),
        "EXPORT_CHECK_ADDRESS": "https://kiem-tra.example/",
        "BLIND_INDEX_KEYS": _keys("b").to_text(),
        "SEALING_PRIVATE_KEY": _keys("s").to_text(),
        "SEALING_PUBLIC_KEYS": json.dumps({"records": public_keys_of(_keys("s")).to_text()}),
    }
    return {"PATH": os.environ["PATH"]} | {f"RECORDS_{name}": value for name, value in own.items()}


@pytest.fixture(params=[(), ("--only", "api"), ("--only", "worker")], ids=["whole", "api", "worker"])
async def serving(environment: Mapping[str, str], request: pytest.FixtureRequest) -> AsyncIterator[int]:
    """Run the process, whole or one half of it; give its port."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "records", "serve", *request.param),
        env=dict(environment),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    while True:
        line = json.loads(await asyncio.wait_for(process.stdout.readline(), 30))
        if line["event"] == "process_started":
            break
    draining = asyncio.create_task(process.stdout.read())
    yield int(line["port"])
    process.terminate()
    assert await asyncio.wait_for(process.wait(), 40) == 0
    await draining


@pytest.mark.slow
async def test_the_process_becomes_ready_and_ends_in_order(serving: int) -> None:
    async def ready() -> bool:
        reader, writer = await asyncio.open_connection("127.0.0.1", serving)
        writer.write(b"GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        answer = await reader.read()
        writer.close()
        assert b" 200 " in answer.split(b"\r\n", 1)[0], answer.decode()
        return True

    assert await eventually(ready, 30)


async def test_a_missing_secret_is_named_and_nothing_starts(environment: Mapping[str, str]) -> None:
    incomplete = {name: value for name, value in environment.items() if name != "RECORDS_WRAPPING_KEYS"}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "records", "serve"), env=incomplete, stderr=asyncio.subprocess.PIPE
    )
    _, err = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 1
    assert "RECORDS_WRAPPING_KEYS is missing" in err.decode()
