"""The supervisor and what steers it, with tiny web servers in place of services."""

import os
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import devtools.system.control
import psutil
import pytest
from devtools.processes.process import Command
from devtools.servers.ports import free_ports, is_taken
from devtools.system.control import AnotherCommandError, Control, NotReadyError, PortsTakenError
from devtools.system.layout import Layout, Ports
from devtools.system.plan import Plan, Planned
from devtools.system.state import ProcessState, SystemState

from tests.eventually import eventually


def _planned(name: str, directory: Path, *arguments: str, port: int) -> Planned:
    command = Command(
        name=name,
        arguments=(sys.executable, *arguments),
        environment={"PATH": os.defpath},
        directory=directory,
        log_file=directory / f"{name}.log",
        grace_seconds=5,
    )
    return Planned(command=command, kind="service", probe=f"http://127.0.0.1:{port}/")


def _web_server(name: str, directory: Path) -> Planned:
    port = free_ports(1)[0]
    return _planned(name, directory, "-m", "http.server", str(port), "--bind", "127.0.0.1", port=port)


@pytest.fixture
def control(tmp_path: Path) -> Iterator[Control]:
    control = Control(Layout(data=tmp_path / "data", ports=Ports.free()))
    yield control
    control.stop()


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    return Plan((_web_server("one", tmp_path), _web_server("two", tmp_path)))


def _state(control: Control) -> SystemState:
    state = control.state()
    assert state is not None
    return state


def _process(control: Control, name: str) -> ProcessState:
    return _state(control).processes[name]


def test_what_was_started_is_ready_and_gone_after_the_stop(control: Control, plan: Plan) -> None:
    assert control.start(plan)
    control.wait_until_ready(within_seconds=20)
    pids = [one.pid for one in (_state(control).supervisor, *_state(control).processes.values()) if one.pid]
    assert len(pids) == 3
    assert control.stop()
    assert not any(psutil.pid_exists(pid) for pid in pids)
    assert control.state() is None
    assert not control.stop()


def test_who_waits_for_a_system_that_is_stopped_waits_no_longer(control: Control, tmp_path: Path) -> None:
    silent = _planned("silent", tmp_path, "-c", "import time; time.sleep(600)", port=free_ports(1)[0])
    control.start(Plan((silent,)))
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(control.wait_until_ready, within_seconds=250)
        control.stop()
        with pytest.raises(NotReadyError):
            waiting.result()


def test_starting_the_same_plan_again_changes_nothing(control: Control, plan: Plan) -> None:
    control.start(plan)
    before = _state(control).supervisor.pid
    assert not control.start(plan)
    assert _state(control).supervisor.pid == before


def test_another_plan_replaces_the_first(control: Control, plan: Plan, tmp_path: Path) -> None:
    control.start(plan)
    control.wait_until_ready(within_seconds=20)
    assert control.start(Plan((_web_server("three", tmp_path),)))
    assert list(_state(control).processes) == ["three"]


async def test_a_killed_process_is_started_again(control: Control, plan: Plan) -> None:
    control.start(plan)
    control.wait_until_ready(within_seconds=20)
    killed = control.kill("one")
    await eventually(lambda: _process(control, "one").alive and _process(control, "one").pid != killed)
    control.wait_until_ready(within_seconds=20)
    assert _process(control, "one").restarts == 1
    assert _process(control, "one").exit_code == -signal.SIGKILL
    assert _process(control, "two").restarts == 0


def test_a_held_process_stays_stopped_until_it_is_released(control: Control, plan: Plan) -> None:
    control.start(plan)
    control.wait_until_ready(within_seconds=20)
    control.hold("one")
    state, readiness = control.readiness()["one"]
    assert (state.condition, state.pid, readiness.ready) == ("held", None, False)
    control.release("one")
    control.wait_until_ready(within_seconds=20)


def test_a_process_that_keeps_ending_is_shown_with_its_log(control: Control, tmp_path: Path) -> None:
    broken = _planned("broken", tmp_path, "-c", "raise SystemExit('no such database')", port=free_ports(1)[0])
    control.start(Plan((broken,)))
    with pytest.raises(NotReadyError, match="no such database"):
        control.wait_until_ready(within_seconds=30)


def test_faults_of_long_ago_do_not_make_a_process_hopeless(
    control: Control, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(devtools.system.control, "HOPELESS_RESTARTS", 2)
    control.start(plan)
    control.wait_until_ready(within_seconds=20)
    for _ in range(2):
        control.kill("one")
        control.wait_until_ready(within_seconds=20)
    assert _process(control, "one").restarts == 2


async def test_a_taken_port_is_named_before_anything_starts(control: Control, plan: Plan, tmp_path: Path) -> None:
    control.start(plan)
    control.wait_until_ready(within_seconds=20)
    other = Control(Layout(data=tmp_path / "other", ports=Ports.free()))
    with pytest.raises(PortsTakenError):
        other.start(plan)
    assert other.state() is None


async def test_what_a_killed_supervisor_left_running_is_ended_by_the_next_start(control: Control, plan: Plan) -> None:
    control.start(plan)
    control.wait_until_ready(within_seconds=20)
    state = _state(control)
    assert state.supervisor.pid is not None
    psutil.Process(state.supervisor.pid).kill()
    await eventually(lambda: control.state() is None)
    control.start(plan)
    control.wait_until_ready(within_seconds=20)
    old = {one.pid for one in state.processes.values()}
    assert not old & {one.pid for one in _state(control).processes.values()}
    assert not any(one.alive for one in state.processes.values())


def test_two_commands_do_not_work_at_the_same_system_at_once(control: Control) -> None:
    with control._exclusively(), pytest.raises(AnotherCommandError):
        Control(control.layout).stop()


def test_the_plan_with_its_passwords_is_readable_by_its_owner_only(control: Control, plan: Plan) -> None:
    control.layout.make()
    plan.write(control.layout.plan_file)
    assert control.layout.plan_file.stat().st_mode & 0o077 == 0
    assert Plan.read(control.layout.plan_file) == plan


def test_everything_listens_nowhere_after_the_stop(control: Control, plan: Plan) -> None:
    control.start(plan)
    control.wait_until_ready(within_seconds=20)
    control.stop()
    ports = [int(planned.probe.rpartition(":")[2].rstrip("/")) for planned in plan.processes]
    assert not any(is_taken(port) for port in ports)
