"""How a run is divided among processes: file by file, and everything that needs the whole system in one of them.

Each process has servers of its own. Two whole systems at a time would be more than two cores take.
"""

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling
from xdist.scheduler.protocol import Scheduling
from xdist.workermanage import WorkerController

from tests.plugins.servers import unreachable

_WHOLE_SYSTEM = ("tests/e2e/", "tests/faults/", "tests/system/")
_TOLD = "unreachable"


def place(test_id: str) -> str:
    """Return what the test may not be parted from: the other tests of its file, or all of the whole system."""
    return "the whole system" if test_id.startswith(_WHOLE_SYSTEM) else test_id.partition("::")[0]


class WholeSystemInOne(LoadFileScheduling):  # type: ignore[misc]  # the library has no types
    """Places with more tests are begun first, so that the longest does not come last."""

    def _split_scope(self, nodeid: str) -> str:
        return place(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling:
    return WholeSystemInOne(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """What a worker could not reach is said at the end of the run, by the process that prints it."""
    if told := getattr(session.config, "workeroutput", None):
        told[_TOLD] = session.config.stash[unreachable]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: WorkerController) -> None:
    node.config.stash[unreachable].update(getattr(node, "workeroutput", {}).get(_TOLD, {}))
