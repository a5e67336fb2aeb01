"""The real service process between real servers: its neighbours on the bus, the sandbox as its carriers."""

import asyncio
import json
import os
import sys
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import aiohttp
from ansinh_contracts.publications import AUTH, REGISTRATION
from ansinh_kit.cancellation import end_tasks
from ansinh_kit.database import Database
from ansinh_kit.key_list import KeyList, NamedKey
from ansinh_kit.messaging.broker import Broker
from ansinh_kit.mongo import connect
from ansinh_kit.personal_data.sealing import public_keys_of
from devtools.sandbox.server import Sandbox
from devtools.servers.ports import free_ports

from tests.eventually import eventually
from tests.notifications.integration.neighbours import Auth, Producer

_ACCOUNT: Final = "AC" + "0" * 32
_TOKEN: Final = "a-made-up-token"


def new_keys() -> KeyList:
    return KeyList((NamedKey("test", os.urandom(32)),))


@dataclass
class Ports:
    service: int
    sandbox: int
    smtp: int


class Neighbourhood:
    """`async with Neighbourhood(...)`: the neighbours and the sandbox run; the service is started by the test."""

    def __init__(self, *, mongo_url: str, amqp_url: str, database_name: str, namespace: str, folder: Path) -> None:
        self._mongo_url = mongo_url
        self._amqp_url = amqp_url
        self._database_name = database_name
        self._namespace = namespace
        self.log_file = folder / "notifications.log"
        self._keys = {name: new_keys() for name in ("notifications", "auth", "registration")}
        self._public = {name: public_keys_of(keys) for name, keys in self._keys.items()}
        self._ports = Ports(*free_ports(3))
        self._private = {name: new_keys().to_text() for name in ("ASSERTION", "WRAPPING", "BLIND_INDEX")}
        self._process: asyncio.subprocess.Process | None = None
        self._stack = AsyncExitStack()
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        sandbox = Sandbox(
            account_sid=_ACCOUNT,
            auth_token=_TOKEN,
            http_port=self._ports.sandbox,
            smtp_port=self._ports.smtp,
            host="127.0.0.1",
        )
        await self._stack.enter_async_context(sandbox)
        self._http = await self._stack.enter_async_context(aiohttp.ClientSession())
        client = connect(self._mongo_url, app_name="neighbours")
        self._stack.callback(client.close)
        self.database: Database = client.database(self._database_name)
        # Relays and parking of the neighbours lie beside the service's own collections, under other names.
        broker = Broker(self._amqp_url, name="neighbours", namespace=self._namespace)
        self.registration = Producer(REGISTRATION, broker, self.database, self._public)
        self.accounts = Producer(AUTH, broker, self.database, self._public)
        self.auth = Auth(broker, self.database, self._public, self._keys["auth"])
        work = (broker.run, self.registration.relay.run, self.accounts.relay.run, self.auth.consumer.run)
        self._tasks = [asyncio.create_task(each()) for each in work]
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._process is not None and self._process.returncode is None:
            await self.stop()
        await self.auth.close()
        await end_tasks(self._tasks)
        await self._stack.aclose()

    async def start(self) -> None:
        """Start the service and return when it is ready."""
        with self.log_file.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "notifications", "serve", env=self._environment(), stdout=log, stderr=log
            )
        await eventually(self._ready, within_seconds=40, says="the service being ready")

    async def kill(self) -> None:
        """Kill it as a crash would: SIGKILL, at whatever it was doing."""
        assert self._process is not None
        self._process.kill()
        await self._process.wait()

    async def stop(self) -> int:
        """Ask it to end and return its exit code."""
        assert self._process is not None
        self._process.terminate()
        return await asyncio.wait_for(self._process.wait(), 40)

    async def received(self, **query: str) -> list[dict[str, Any]]:
        async with self._http.get(f"http://127.0.0.1:{self._ports.sandbox}/api/messages", params=query) as answer:
            return list((await answer.json())["messages"])

    async def order(self, **fault: object) -> None:
        async with self._http.post(f"http://127.0.0.1:{self._ports.sandbox}/api/faults", json=fault) as answer:
            assert answer.status == 201, await answer.text()

    async def stored(self) -> str:
        """Return everything the service's database holds, as text."""
        collections = sorted(await self.database.list_collection_names())
        documents = [await self.database[name].find().to_list() for name in collections]
        return repr(documents)

    async def _ready(self) -> bool:
        assert self._process is not None
        assert self._process.returncode is None, self.log_file.read_text(encoding="utf-8")[-3000:]
        try:
            async with self._http.get(f"http://127.0.0.1:{self._ports.service}/health/ready") as answer:
                assert answer.status == 200, await answer.text()
        except aiohttp.ClientConnectionError:
            return False
        return True

    def _environment(self) -> dict[str, str]:
        settings = {
            "PORT": str(self._ports.service),
            "MONGODB_URL": self._mongo_url,
            "AMQP_URL": self._amqp_url,
            "NAMESPACE": self._namespace,
            "DATABASE": self._database_name,
            "KEYRING_DATABASE": f"{self._database_name}_keyring",
            "SEALING_PRIVATE_KEY": self._keys["notifications"].to_text(),
            "SEALING_PUBLIC_KEYS": _json({name: keys.to_text() for name, keys in self._public.items()}),
            "TWILIO_BASE_URL": f"http://127.0.0.1:{self._ports.sandbox}",
            "TWILIO_ACCOUNT_SID": _ACCOUNT,
            "TWILIO_AUTH_TOKEN": _TOKEN,
            "TWILIO_TIMEOUT_SECONDS": "2",
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(self._ports.smtp),
            "SMTP_TIMEOUT_SECONDS": "1",
            "LEASE_SLACK_SECONDS": "1",
            "LOOK_UP_AFTER_SECONDS": "1",
            "SMS_PER_PREFIX_AND_10_MINUTES": "100000",
            "SMS_PER_PREFIX_AND_DAY": "100000",
            "SMS_PER_MINUTE": "100000",
            **{f"{name}_KEYS": keys for name, keys in self._private.items()},
        }
        return {"PATH": os.defpath, **{f"NOTIFICATIONS_{name}": value for name, value in settings.items()}}


def _json(value: object) -> str:
    return json.dumps(value)
