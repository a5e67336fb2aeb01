"""A whole process as a service builds it, for the tests of its life: start, outage, recovery, SIGTERM.

Arguments: the MongoDB address, and the file whose presence lets the start hook succeed.
"""

import asyncio
import sys
from pathlib import Path

from ansinh_kit.clock import SystemClock
from ansinh_kit.errors import UnavailableError
from ansinh_kit.http.app import create_app
from ansinh_kit.http.health import Readiness
from ansinh_kit.key_list import KeyList, NamedKey
from ansinh_kit.mongo import connect
from ansinh_kit.observability.logging import configure_logging
from ansinh_kit.observability.metrics import Metrics
from ansinh_kit.runtime import Runtime, run_process
from ansinh_kit.testing.edge import in_memory_edge

KEYS = KeyList((NamedKey("2026", b"n" * 32),))


def is_there(path: Path) -> bool:
    return path.exists()


async def main() -> None:
    mongo_url, permission = sys.argv[1], Path(sys.argv[2])
    metrics, readiness = Metrics("example"), Readiness()
    client = connect(mongo_url, app_name="example", timeout_seconds=1)
    app = create_app(
        in_memory_edge("example", keys=KEYS, clock=SystemClock(), metrics=metrics, readiness=readiness),
        title="Example",
        version="1",
        public_paths=["/slow", "/quick"],
    )

    @app.get("/slow")
    async def slow() -> str:
        await asyncio.sleep(1)
        return "done"

    @app.get("/quick")
    async def quick() -> str:
        return "done"

    async def start() -> None:
        if not is_there(permission):
            raise UnavailableError("permission")

    async def work() -> None:
        await asyncio.Event().wait()

    async def say_goodbye() -> None:
        print('{"event": "goodbye"}', flush=True)  # noqa: T201 - the test reads it

    runtime = Runtime("example", metrics=metrics, readiness=readiness)
    runtime.check("mongodb", client.ping)
    runtime.on_start(start)
    runtime.background("relay", work)
    runtime.on_stop(say_goodbye)
    await runtime.serve(app, host="127.0.0.1", port=0)
    client.close()


if __name__ == "__main__":
    configure_logging("example")
    run_process(main)
