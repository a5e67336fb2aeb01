import os
import sys
from collections.abc import Callable
from pathlib import Path

from devtools.processes.process import Command
from devtools.system.plan import Planned
from devtools.system.watched import LONGEST_PAUSE_SECONDS, STEADY_SECONDS, Watched

from tests.eventually import eventually


class HandClock:
    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def _watched(directory: Path, clock: Callable[[], float]) -> Watched:
    command = Command(
        name="brief",
        arguments=(sys.executable, "-c", ""),
        environment={"PATH": os.defpath},
        directory=directory,
        log_file=directory / "brief.log",
    )
    return Watched(Planned(command=command, kind="service", probe="tcp://127.0.0.1:1"), directory / "hold", now=clock)


async def _run_to_its_end(watched: Watched) -> None:
    assert watched.tick()
    await eventually(lambda: watched.state().condition == "waiting")
    assert watched.tick()


async def test_the_pause_before_the_next_start_doubles_up_to_a_limit(tmp_path: Path) -> None:
    clock = HandClock()
    watched = _watched(tmp_path, clock)
    for pause in (0.2, 0.4, 0.8, 1.6, 3.2, 6.4, LONGEST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS):
        await _run_to_its_end(watched)
        clock.seconds += pause - 0.01
        assert not watched.tick()
        clock.seconds += 0.02


async def test_after_a_long_good_run_the_next_fault_counts_as_the_first(tmp_path: Path) -> None:
    clock = HandClock()
    watched = _watched(tmp_path, clock)
    await _run_to_its_end(watched)
    clock.seconds += 1
    assert watched.tick()
    clock.seconds += STEADY_SECONDS + 1
    await eventually(lambda: watched.state().condition == "waiting")
    assert watched.tick()
    assert not watched.tick()
    clock.seconds += 0.21
    assert watched.tick()
    watched.stop()
