"""The steps of a rotation: their order, that each can be done again, and what keeps an older key from going."""

import json
import os
import stat
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from ansinh_kit.key_list import KeyList, NamedKey
from devtools.errors import ToldError
from devtools.operations.key_kinds import KINDS
from devtools.operations.queued import QueuedMessages
from devtools.operations.rotation import Rotation
from devtools.processes.process import Command
from devtools.system.control import Control
from devtools.system.layout import Layout, Ports
from devtools.system.plan import Plan, Planned
from devtools.system.secrets import SecretStore, write_private
from records.settings import RecordsSettings

pytestmark = pytest.mark.sec("F-40")

SERVICE = "registration"
# What stands for the service's own command line: it tells what the test has written down for this action.
PROGRAM = "import json, sys; told = json.load(open('told.json')); print(json.dumps(told[sys.argv[2]]))"


class BrokenOffError(Exception):
    """Somebody pulled the plug."""


class Steered(Control):
    """A system of which nothing runs: what would be restarted is written down, with the keys as they were then."""

    def __init__(self, layout: Layout, directory: Path) -> None:
        super().__init__(layout)
        self.directory = directory
        self.restarted: list[tuple[str, list[str]]] = []
        self.breaks_after: int | None = None
        self.watched = f"{SERVICE}_blind_index_keys"

    def plan(self) -> Plan:
        command = Command(
            name=SERVICE,
            arguments=(),
            environment={"PATH": os.defpath},
            directory=self.directory,
            log_file=self.directory / "log",
        )
        return Plan((Planned(command=command, kind="service", probe=""),))

    def restart(self, name: str) -> int:
        if len(self.restarted) == self.breaks_after:
            raise BrokenOffError
        keys = KeyList.parse((self.layout.secrets / self.watched).read_text(encoding="utf-8"))
        self.restarted.append((name, [key.id for key in keys]))
        return 1

    def wait_until_ready(self, **_: Any) -> float:  # noqa: ANN401 - as the real one's, which are not used here
        return 0.0


@pytest.fixture
def control(tmp_path: Path) -> Steered:
    layout = Layout(data=tmp_path / "data", ports=Ports.free())
    layout.secrets.mkdir(parents=True)
    directory = tmp_path / "service"
    directory.mkdir()
    (directory / f"{SERVICE}.py").write_text(PROGRAM, encoding="utf-8")
    control = Steered(layout, directory)
    tells(control)
    return control


def tells(control: Steered, *, left: int = 0, repeats: int = 0) -> None:
    told = {"re-index": {"step": "done", "left": left}, "in-use": {"step": "in_use", "repeats": repeats}}
    (control.directory / "told.json").write_text(json.dumps(told), encoding="utf-8")


def rotation_of(control: Steered) -> Rotation:
    return Rotation(control, "blind-index", SERVICE)


def test_a_key_is_accepted_before_it_is_used_and_goes_last(control: Steered) -> None:
    rotation = rotation_of(control)
    rotation.rotate()
    new, old = (key.id for key in rotation.keys)
    assert control.restarted == [(SERVICE, [old, new]), (SERVICE, [new, old])]
    rotation.retire()
    assert [key.id for key in rotation.keys] == [new]
    assert control.restarted[-1] == (SERVICE, [new])


def test_broken_off_before_the_accepters_knew_they_are_told_first(control: Steered) -> None:
    rotation = rotation_of(control)
    control.breaks_after = 0
    with pytest.raises(BrokenOffError):
        rotation.rotate()
    control.breaks_after = None
    rotation.rotate()
    new, old = (key.id for key in rotation.keys)
    assert control.restarted == [(SERVICE, [old, new]), (SERVICE, [new, old])]


@pytest.mark.parametrize("next_step", ["rotate", "retire"])
def test_broken_off_before_the_makers_knew_they_are_told_by_the_next_step(control: Steered, next_step: str) -> None:
    rotation = rotation_of(control)
    control.breaks_after = 1
    with pytest.raises(BrokenOffError):
        rotation.rotate()
    control.breaks_after = None
    in_use = [key.id for key in rotation.keys]
    control.restarted.clear()
    getattr(rotation, next_step)()
    assert control.restarted[0] == (SERVICE, in_use)


def test_what_is_done_is_not_done_again(control: Steered) -> None:
    rotation = rotation_of(control)
    rotation.rotate()
    control.restarted.clear()
    rotation.rotate()
    assert control.restarted == []


@pytest.mark.parametrize(
    ("told", "why"), [({"left": 2}, "2 still stand under an older key"), ({"repeats": 3}, "3 repeats still in use")]
)
def test_an_older_key_stays_while_something_stands_under_it(control: Steered, told: dict[str, int], why: str) -> None:
    rotation = rotation_of(control)
    rotation.rotate()
    both = rotation.keys
    tells(control, **told)
    with pytest.raises(ToldError, match=why):
        rotation.retire()
    assert rotation.keys == both
    tells(control)
    rotation.retire()
    assert rotation.keys == both.newest_only()


def test_where_nobody_counts_an_older_key_stays_for_as_long_as_what_it_made(control: Steered) -> None:
    control.watched = "records_card_code_keys"
    rotation = Rotation(control, "card-codes", "records")
    rotation.rotate()
    both = rotation.keys
    with pytest.raises(ToldError, match="still in use, until"):
        rotation.retire()
    assert rotation.keys == both
    in_use = control.layout.secrets / f"{control.watched}.in_use"
    long_ago = in_use.stat().st_mtime - 15 * 60
    os.utime(in_use, (long_ago, long_ago))
    rotation.retire()
    assert rotation.keys == both.newest_only()


def test_no_card_code_can_be_set_to_outlive_the_wait_for_it() -> None:
    setting = RecordsSettings.model_json_schema()["properties"]["card_code_seconds"]
    assert KINDS["card-codes"].good_for == timedelta(seconds=setting["maximum"])


def test_a_key_that_is_not_in_use_yet_retires_none(control: Steered) -> None:
    rotation = rotation_of(control)
    path = SecretStore(control.layout.secrets).keys_file(f"{SERVICE}_blind_index_keys")
    write_private(path, rotation.keys.accepting(NamedKey("r2026", bytes(32))).to_text())
    with pytest.raises(ToldError, match="rotate first"):
        rotation.retire()


@pytest.fixture
def broker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """A node whose `rabbitmqctl` prints the file `queues`, and empties what it shows a little with each question."""
    folder = tmp_path / "rabbit" / "sbin"
    folder.mkdir(parents=True)
    for name in ("rabbitmq-server", "rabbitmqctl"):
        program = folder / name
        program.write_text(
            f"#!/bin/sh\ncat {tmp_path}/queues; cp {tmp_path}/later {tmp_path}/queues\n", encoding="ascii"
        )
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("RABBITMQ_HOME", str(folder.parent))
    environment = {"PATH": os.defpath, "RABBITMQ_NODENAME": "test@localhost"}
    return Command(name="broker", arguments=(), environment=environment, directory=tmp_path, log_file=tmp_path / "log")


def holds(tmp_path: Path, now: dict[str, int], later: dict[str, int]) -> None:
    for name, queues in (("queues", now), ("later", later)):
        lines = "".join(f"{queue}\t{count}\n" for queue, count in queues.items())
        (tmp_path / name).write_text(lines, encoding="ascii")


def test_each_queue_has_to_be_seen_empty_once_and_others_do_not_matter(broker: Command, tmp_path: Path) -> None:
    here, there, other = "ns.records.from.auth.p0", "ns.records.from.auth.p1", "ns.auth.from.records.p0"
    holds(tmp_path, {here: 0, there: 5, other: 7}, {here: 3, there: 0, other: 7})
    QueuedMessages("records", broker, "ns").wait_until_each_was_empty(within_seconds=60)


def test_a_queue_that_never_empties_keeps_the_older_key(broker: Command, tmp_path: Path) -> None:
    queue = "records.from.auth.dead"
    holds(tmp_path, {queue: 2}, {queue: 1})
    with pytest.raises(ToldError, match=r"records\.from\.auth\.dead \(\d\)"):
        QueuedMessages("records", broker, "").wait_until_each_was_empty(within_seconds=0)


def test_a_broker_that_is_not_ours_is_left_to_who_runs_it() -> None:
    with pytest.raises(ToldError, match=r"not run by \./dev"):
        QueuedMessages("records", None, "").wait_until_each_was_empty(within_seconds=1)
