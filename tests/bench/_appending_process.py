"""One of several processes that append at once: `python -m tests.bench._appending_process URL DATABASE SECONDS`.

Says `ready`, waits for a line, then appends and prints what it reached as one line of JSON.
"""

import asyncio
import json
import sys
from dataclasses import asdict

from ansinh_kit.event_store.mongo import MongoCommitLog
from ansinh_kit.mongo import connect

from tests.bench._appending import a_commit, call_for


async def main(url: str, database_name: str, seconds: str) -> None:
    client = connect(url, app_name="bench-append")
    log = MongoCommitLog(client.database(database_name))
    await log.start()
    _say("ready")
    await asyncio.to_thread(sys.stdin.readline)
    run = await call_for(float(seconds), lambda: log.append(a_commit()))
    _say(json.dumps(asdict(run)))
    await log.close()
    client.close()


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
