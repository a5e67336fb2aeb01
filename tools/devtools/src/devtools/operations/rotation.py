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
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from ansinh_kit.key_list import KeyList, NamedKey

from devtools.errors import ToldError
from devtools.operations.parked import ParkedMessages
from devtools.system.control import Control
from devtools.system.secrets import KEY_BYTES, SecretStore, write_private
from devtools.system.topology import SERVICES

Report = Callable[[str], None]

_READY_SECONDS: Final = 120.0
_EDGE: Final = ("gateway",)


@dataclass(frozen=True)
class KeyKind:
    """One purpose of keys.

    Attributes:
        file: The name of a service's list among the secrets.
        services: Who has such keys.
        makers: Who makes with the newest key of a service's list. The service itself accepts with all of them.
        rewrite: What the service's own command line has to do before older keys can go.
    """

    file: str
    services: tuple[str, ...]
    makers: Callable[[str], tuple[str, ...]]
    rewrite: str | None = None


# What auth's `keys in-use` calls that which older keys of a kind still hold, and how it comes to an end.
_IN_USE: Final = {"peppers": "passwords", "codes": "codes", "blind-index": "objections"}
_WAY_OUT: Final = {
    "peppers": "each comes under the new one when its holder next logs in",
    "codes": "they die within minutes",
    "blind-index": "they end with the time to object",
}


def _itself(service: str) -> tuple[str, ...]:
    return (service,)


def _the_others(service: str) -> tuple[str, ...]:
    return tuple(name for name in SERVICES if name != service)


KINDS: Final[dict[str, KeyKind]] = {
    "signing": KeyKind("{service}_assertion_keys", SERVICES, lambda _: _EDGE),
    "sealing": KeyKind("{service}_sealing_private_key", SERVICES, _the_others),
    "wrapping": KeyKind("{service}_wrapping_keys", SERVICES, _itself, rewrite="re-wrap"),
    # The others look numbers up under all keys of their lists; writing them anew is auth's alone so far.
    "blind-index": KeyKind("{service}_blind_index_keys", ("auth",), _itself, rewrite="re-index"),
    "peppers": KeyKind("{service}_password_peppers", ("auth",), _itself),
    "codes": KeyKind("{service}_code_keys", ("auth",), _itself),
}


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
            self._restart(self._service)
        newest = max(key.id for key in self.keys)
        if self.keys.newest.id != newest:
            self._write(self.keys.promoting(newest), "in use")
            self._store.public_keys_file(SERVICES)
            self._restart(*self._kind.makers(self._service))
        if self._kind.rewrite is not None:
            self._command(self._kind.rewrite)

    def retire(self) -> None:
        """Take the older keys out, if nothing stands under them any more.

        Raises:
            ToldError: Something does, or may; nothing was changed.
        """
        if len(self.keys.keys) == 1:
            return
        if self.keys.newest.id != max(key.id for key in self.keys):
            raise ToldError("the new key is not in use yet: rotate first")
        self._must_be_unused()
        self._write(self.keys.newest_only(), "the only one")
        self._store.public_keys_file(SERVICES)
        self._restart(self._service, *(name for name in self._kind.makers(self._service) if name != self._service))

    def _must_be_unused(self) -> None:
        if self._kind.rewrite is not None:
            self._command(self._kind.rewrite)  # finds nothing left to do, or does it
        if self._kind_name == "sealing":
            self._nothing_sealed_may_wait()
        if (told_as := _IN_USE.get(self._kind_name)) is not None:
            *_, last = self._command("in-use", "--index-since", self._in_use_since().isoformat())
            if in_use := last[told_as] if isinstance(last[told_as], int) else sum(last[told_as].values()):
                raise ToldError(f"{in_use} {told_as} still in use under an older key: {_WAY_OUT[self._kind_name]}")

    def _in_use_since(self) -> datetime:
        """Return when the list was last written: that was when its newest key came in front."""
        return datetime.fromtimestamp(self._path.stat().st_mtime, UTC)

    def _nothing_sealed_may_wait(self) -> None:
        service = self._control.plan().named(self._service).command
        if asyncio.run(ParkedMessages(self._service, service).oldest(1)):
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

    def _command(self, *action: str) -> list[dict[str, Any]]:
        """Run the service's own command and return its steps."""
        service = self._control.plan().named(self._service).command
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


def _new_key() -> NamedKey:
    """Make a key whose name sorts behind those of all earlier ones."""
    return NamedKey(f"r{datetime.now(UTC):%Y%m%d%H%M%S}", secrets.token_bytes(KEY_BYTES))
