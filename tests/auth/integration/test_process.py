"""The service as a process: started by its own command, over its real database and broker."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
from ansinh_kit.key_list import KeyList
from ansinh_kit.personal_data.sealing import public_keys_of
from auth.settings import AuthSettings

from tests.auth.service import NOTIFICATIONS_KEY, STAFF_PASSWORD, keys
from tests.eventually import eventually

AUTH_KEY = keys("x")


@pytest.fixture
def environment(mongo_url: str, database_name: str) -> Mapping[str, str]:
    public = {"auth": AUTH_KEY, "notifications": NOTIFICATIONS_KEY}
    own = {
        "PORT": "0",
        "MONGODB_URL": mongo_url,
        "AMQP_URL": "amqp://127.0.0.1:1/",
        "DATABASE": database_name,
        "KEYRING_DATABASE": f"{database_name}_keyring",
        "ASSERTION_KEYS": keys("a").to_text(),
        "WRAPPING_KEYS": keys("w").to_text(),
        "BLIND_INDEX_KEYS": keys("b").to_text(),
        "SEALING_PRIVATE_KEY": AUTH_KEY.to_text(),
        "SEALING_PUBLIC_KEYS": json.dumps({name: _public(key) for name, key in public.items()}),
        "PASSWORD_PEPPERS": keys("p").to_text(),
        "CODE_KEYS": keys("c").to_text(),
    }
    return {"PATH": os.environ["PATH"]} | {f"AUTH_{name}": value for name, value in own.items()}


def _public(private: KeyList) -> str:
    return public_keys_of(private).to_text()


async def run(environment: Mapping[str, str], *arguments: str, typed: str = "") -> tuple[int | None, str, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "auth",
        *arguments,
        env=dict(environment),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await asyncio.wait_for(process.communicate(typed.encode()), 60)
    return process.returncode, out.decode(), err.decode()


@pytest.fixture
def bootstrap(tmp_path: Path) -> list[str]:
    password_file = tmp_path / "password"
    password_file.write_text(f"{STAFF_PASSWORD}\n", encoding="utf-8")
    who = ["--user-name", "hanh.le", "--role", "officer", "--agency", "06601"]
    return ["bootstrap-staff", *who, "--password-file", str(password_file)]


@pytest.mark.sec("SEC-39")
async def test_the_first_member_of_staff_is_made_by_the_command_once(
    environment: Mapping[str, str], bootstrap: list[str]
) -> None:
    code, out, _ = await run(environment, *bootstrap, "--json")
    assert code == 0
    enrolment = json.loads(out)
    assert set(enrolment) == {"staff_id", "totp_secret", "totp_uri"}
    code, out, err = await run(environment, *bootstrap)
    assert (code, out) == (1, "")
    assert "already_member" in err


@pytest.mark.sec("LIM-14")
async def test_a_lock_out_is_lifted_by_a_command_that_is_told_the_name_on_its_input(
    environment: Mapping[str, str], bootstrap: list[str]
) -> None:
    _, out, _ = await run(environment, *bootstrap, "--json")
    code, lifted, _ = await run(environment, "lift-lock-out", "--kind", "staff", typed="hanh.le\n")
    assert code == 0
    assert json.loads(out)["staff_id"] in lifted
    code, _, err = await run(environment, "lift-lock-out", typed="9999999999\n")
    assert (code, "not_found" in err) == (1, True)


async def test_a_user_name_that_could_never_log_in_is_refused(environment: Mapping[str, str]) -> None:
    who = ["--user-name", "hạnh lê", "--role", "officer", "--agency", "06601"]
    code, _, err = await run(environment, "bootstrap-staff", *who)
    assert code == 2
    assert "letters, digits" in err


async def test_a_missing_secret_is_named_and_nothing_starts(environment: Mapping[str, str]) -> None:
    incomplete = {name: value for name, value in environment.items() if name != "AUTH_PASSWORD_PEPPERS"}
    code, _, err = await run(incomplete, "serve")
    assert code == 1
    assert "AUTH_PASSWORD_PEPPERS is missing" in err


@pytest.mark.parametrize("name", ["password_peppers", "code_keys", "wrapping_keys", "assertion_keys"])
def test_no_secret_has_a_default(name: str) -> None:
    assert AuthSettings.model_fields[name].is_required()


@pytest.fixture
async def serving(environment: Mapping[str, str], amqp_url: str, broker_namespace: str) -> AsyncIterator[int]:
    """Run the whole process against the real broker; give its port."""
    told = dict(environment) | {"AUTH_AMQP_URL": amqp_url, "AUTH_NAMESPACE": broker_namespace}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "auth", "serve", env=told, stdout=asyncio.subprocess.PIPE
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


async def test_the_process_becomes_ready_and_ends_in_order(serving: int) -> None:
    async def ready() -> bool:
        reader, writer = await asyncio.open_connection("127.0.0.1", serving)
        writer.write(b"GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        answer = await reader.read()
        writer.close()
        assert b" 200 " in answer.split(b"\r\n", 1)[0], answer.decode()
        return True

    assert await eventually(ready, 30)
