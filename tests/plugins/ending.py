"""A run that is told to end stops the servers it has started: by itself, SIGTERM would leave them running."""

import os
import signal
from types import FrameType
from typing import NoReturn

import pytest
from xdist.workermanage import WorkerController

_side_by_side: dict[str, int] = {}
"""The processes among which this one divides its tests."""


def pytest_configure() -> None:
    signal.signal(signal.SIGTERM, _end)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodeready(node: WorkerController) -> None:
    _side_by_side[node.gateway.id] = node.gateway._rinfo().pid


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: WorkerController) -> None:
    _side_by_side.pop(node.gateway.id, None)


def _end(_number: int, _frame: FrameType | None) -> NoReturn:
    """End as on Ctrl-C, once: whoever asks again, such as the run for its workers, must not interrupt the stopping."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    for process in _side_by_side.values():
        os.kill(process, signal.SIGTERM)
    raise KeyboardInterrupt
