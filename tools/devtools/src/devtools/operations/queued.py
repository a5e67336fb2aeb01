"""What waits for a service in the broker's queues, and when all that waited at one moment has been answered.

A message has no age that could be relied on: a service that was down for a week has a week of them. So the queues are
asked, of the broker itself: what was handed out and not answered yet counts, too, and it is what a restart brings back.
"""

import subprocess
import time
from pathlib import Path
from typing import Final

from devtools.errors import ToldError
from devtools.processes.process import Command
from devtools.servers.rabbitmq import find_scripts

_SECONDS: Final = 60.0
_COLUMNS: Final = 2


class QueuedMessages:
    """One service's queues, at a node of our own.

    Args:
        broker: The node as it is run; `None` if its address was given, and it is not ours to ask.
        namespace: What the names of all queues of this system begin with.
    """

    def __init__(self, service: str, broker: Command | None, namespace: str) -> None:
        self._service = service
        self._broker = broker
        self._begin = f"{namespace}.{service}." if namespace else f"{service}."

    def wait_until_each_was_empty(self, *, within_seconds: float) -> None:
        """Return when each queue was seen without any message once: what was in it before is answered.

        Raises:
            ToldError: One was not, in this time; or the broker is not ours to ask.
        """
        end, waiting = time.monotonic() + within_seconds, self.holding()
        while waiting := {name: count for name, count in waiting.items() if count}:
            if time.monotonic() > end:
                told = ", ".join(f"{name} ({count})" for name, count in sorted(waiting.items()))
                raise ToldError(f"messages wait in {told}, which may be sealed to the older key: try again later")
            now = self.holding()
            waiting = {name: now.get(name, 0) for name in waiting}

    def holding(self) -> dict[str, int]:
        """Return how many messages each queue of the service holds, those not answered yet included.

        Raises:
            ToldError: The broker is not ours to ask, or does not answer.
        """
        if self._broker is None:
            raise ToldError(
                f"the broker is not run by ./dev: make sure that no queue {self._begin}* holds a message from before "
                "the new key was in use, then take the older key out of the list as docs/security.md says"
            )
        rows = (line.split("\t") for line in self._listed(self._broker).splitlines())
        return {row[0]: int(row[1]) for row in rows if len(row) == _COLUMNS and row[0].startswith(self._begin)}

    def _listed(self, broker: Command) -> str:
        environment = dict(broker.environment)
        program = str((find_scripts() or Path()) / "rabbitmqctl")
        arguments = ("--node", environment["RABBITMQ_NODENAME"], "--quiet", "list_queues", "name", "messages")
        done = subprocess.run(
            [program, *arguments, "--no-table-headers"],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=_SECONDS,
        )
        if done.returncode != 0:
            raise ToldError(f"the broker does not tell what waits: {done.stderr.strip()}")
        return done.stdout
