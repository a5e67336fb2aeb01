"""Rotation of keys while the system goes on, in steps of which each can be done again after it was broken off.

A key is first *accepted* by everyone who has to read what it will make, then *used* by those who make, then what stands
under the older ones is written anew, and only then are these *retired*. So no process ever meets something made with a
key that it does not hold, in whichever order and however slowly the processes of one step come up again (F-40).
"""

import asyncio
import json
import secrets
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from ansinh_kit.key_list import KeyList, NamedKey

from devtools.errors import ToldError
from devtools.operations.key_kinds import KINDS
from devtools.operations.parked import ParkedMessages
from devtools.operations.queued import QueuedMessages
from devtools.system.control import Control
from devtools.system.secrets import KEY_BYTES, SecretStore, write_private
from devtools.system.topology import SERVICES

Report = Callable[[str], None]

_READY_SECONDS: Final = 120.0
_DRAINED_SECONDS: Final = 120.0
# Codes wait in auth, already sealed, until the broker has them.
_KEEPS_SECRETS: Final = "auth"
_SENDER: Final = "notifications"


class Rotation:
    """The keys of one kind of one service of a running system."""

    def __init__(self, control: Control, kind: str, service: str, *, report: Report = lambda _line: None) -> None:
        """Choose the keys.

        Raises:
            ToldError: There are no such keys.
        """
        if kind not in KINDS:
            raise ToldError(f"no keys {kind}; there are: {', '.join(KINDS)}")
        self._kind_name, self._kind = kind, KINDS[kind]
        if service not in self._kind.services:
            raise ToldError(f"{service} has no keys {kind}; those who have: {', '.join(self._kind.services)}")
        self._service = service
        self._control = control
        self._store = SecretStore(control.layout.secrets)
        self._report = report

    @property
    def _path(self) -> Path:
        return self._store.keys_file(self._kind.file.format(service=self._service))

    @property
    def keys(self) -> KeyList:
        return KeyList.parse(self._path.read_text(encoding="utf-8"))

    def rotate(self) -> None:
        """Bring a new key into use and write what it can anew; older keys go on being accepted.

        Begun before and broken off, it goes on where it was.

        Raises:
            ToldError: A process did not come up again, or the service's command failed; do it again.
        """
        if len(self.keys.keys) == 1:
            self._write(self.keys.accepting(_new_key()), "accepted")
        newest = max(key.id for key in self.keys)
        if self.keys.newest.id != newest:
            self._restart(self._service)
            self._write(self.keys.promoting(newest), "in use")
        self._let_makers_know()
        if left := self._rewrite():
            self._report(f"{left} could not be written anew yet: rotate once more before you retire")

    def retire(self) -> None:
        """Take the older keys out, if nothing stands under them any more.

        Raises:
            ToldError: Something does, or may; nothing was changed.
        """
        if len(self.keys.keys) == 1:
            return
        if self.keys.newest.id != max(key.id for key in self.keys):
            raise ToldError("the new key is not in use yet: rotate first")
        self._let_makers_know()
        self._must_be_unused()
        self._write(self.keys.newest_only(), "the only one")
        self._store.public_keys_file(SERVICES)
        self._restart(self._service)

    def _let_makers_know(self) -> None:
        """Restart them, unless that was done: whoever broke off may have done so before the makers knew."""
        self._store.public_keys_file(SERVICES)
        if self._known.exists() and self._known.read_text(encoding="utf-8").strip() == self.keys.newest.id:
            return
        self._restart(*self._kind.makers(self._service))
        write_private(self._known, self.keys.newest.id)

    @property
    def _known(self) -> Path:
        """The file that says which key the makers use; as old as their use of it."""
        return self._path.with_name(f"{self._path.name}.in_use")

    def _must_be_unused(self) -> None:
        if left := self._rewrite():
            raise ToldError(f"{left} still stand under an older key, and what they would become is another's")
        if self._kind_name == "sealing":
            self._nothing_sealed_may_wait()
        if self._kind.good_for is not None:
            self._its_time_must_be_over(self._kind.good_for)
        if self._kind.in_use:
            told = self._in_use(self._service)
            for what, way_out in self._kind.in_use:
                if count := _sum(told.get(what, 0)):
                    raise ToldError(f"{count} {what} still in use under an older key: {way_out}")

    def _its_time_must_be_over(self, good_for: timedelta) -> None:
        until = self._in_use_since() + good_for
        if datetime.now(UTC) < until:
            raise ToldError(f"{self._kind_name} of an older key may be still in use, until {until:%H:%M:%S} UTC")

    def _rewrite(self) -> int:
        """Write anew what stands under older keys, if it can be; return how much cannot."""
        steps = [] if self._kind.rewrite is None else self._command(self._service, self._kind.rewrite)
        return int(steps[-1].get("left", 0)) if steps else 0

    def _in_use(self, service: str) -> dict[str, Any]:
        *_, last = self._command(service, "in-use", "--index-since", self._in_use_since().isoformat())
        return last

    def _in_use_since(self) -> datetime:
        """Return when all its makers had begun to use the newest key."""
        return datetime.fromtimestamp(self._known.stat().st_mtime, UTC)

    def _nothing_sealed_may_wait(self) -> None:
        """Ask those who keep sealed messages, in the order in which these move: auth, the queues, the parking."""
        plan = self._control.plan()
        if self._service == _SENDER and (unsent := self._in_use(_KEEPS_SECRETS)["unsent"]):
            raise ToldError(f"{unsent} codes sealed to the older key were not sent yet: they go, or die within minutes")
        broker = next((one.command for one in plan.processes if one.name == "broker"), None)
        queues = QueuedMessages(self._service, broker, self._control.layout.namespace)
        queues.wait_until_each_was_empty(within_seconds=_DRAINED_SECONDS)
        if asyncio.run(ParkedMessages(self._service, plan.named(self._service).command).oldest(1)):
            raise ToldError(
                f"{self._service} has parked messages, which may be sealed to the older key: see ./dev ops parked"
            )

    def _write(self, keys: KeyList, what: str) -> None:
        write_private(self._path, keys.to_text())
        newest = max(key.id for key in keys)
        self._report(f"{self._kind_name} keys of {self._service}: {newest} is {what}")

    def _restart(self, *names: str) -> None:
        for name in names:
            self._control.restart(name)
            self._control.wait_until_ready(within_seconds=_READY_SECONDS)
            self._report(f"{name} restarted")

    def _command(self, name: str, *action: str) -> list[dict[str, Any]]:
        """Run the service's own command and return its steps."""
        service = self._control.plan().named(name).command
        done = subprocess.run(
            [sys.executable, "-m", service.name, "keys", *action],
            cwd=service.directory,
            env=dict(service.environment),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            why = done.stderr.strip().splitlines()
            raise ToldError(f"{service.name} keys {action[0]}: {why[-1] if why else 'failed'}")
        steps = [json.loads(line) for line in done.stdout.splitlines()]
        if steps:
            self._report(f"{service.name} keys {action[0]}: {json.dumps(steps[-1])}")
        return steps


def _sum(counted: int | dict[str, int]) -> int:
    return counted if isinstance(counted, int) else sum(counted.values())


def _new_key() -> NamedKey:
    """Make a key whose name sorts behind those of all earlier ones."""
    return NamedKey(f"r{datetime.now(UTC):%Y%m%d%H%M%S}", secrets.token_bytes(KEY_BYTES))
