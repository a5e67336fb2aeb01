"""What a benchmark is given: private servers of its own, and names nobody else uses."""

import uuid
from dataclasses import dataclass
from pathlib import Path

from devtools.servers import RabbitNode, SecantusServer


@dataclass(frozen=True)
class Environment:
    """Servers that run for this benchmark only; `directory` is for what it writes.

    `people` is how many participants were asked for, and `data` a folder to keep them in between runs; a benchmark
    that knows neither leaves them alone.
    """

    directory: Path
    mongodb: SecantusServer
    broker: RabbitNode
    people: int | None = None
    data: Path | None = None

    @property
    def mongodb_url(self) -> str:
        return self.mongodb.url

    @property
    def amqp_url(self) -> str:
        return self.broker.url

    def without_servers(self) -> None:
        """Stop the servers: the benchmark runs a whole system, which has its own."""
        self.broker.stop()
        self.mongodb.stop()

    def new_database_name(self) -> str:
        return f"bench_{uuid.uuid4().hex}"

    def new_namespace(self) -> str:
        return f"bench-{uuid.uuid4().hex}"
