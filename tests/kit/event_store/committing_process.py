"""A process that appends as fast as it can and says what was acknowledged, until it is killed.

Run as `python -m tests.kit.event_store.committing_process URL DATABASE NAME`; prints one line
`commit_id position` after each acknowledgement.
"""

import asyncio
import sys
from itertools import count

from ansinh_kit.errors import ConcurrencyConflictError, UnavailableError
from ansinh_kit.event_store.mongo import MongoCommitLog
from ansinh_kit.mongo import connect

from tests.kit.event_store.commits import commit_of

CALLERS = 8
STREAMS = 5


async def main(url: str, database_name: str, name: str) -> None:
    log = MongoCommitLog(connect(url, app_name=name).database(database_name))
    await log.start()
    await asyncio.gather(*(_commit_for_ever(log, f"{name}-{caller}") for caller in range(CALLERS)))


async def _commit_for_ever(log: MongoCommitLog, caller: str) -> None:
    heads = dict.fromkeys((f"room-{number}" for number in range(STREAMS)), 0)
    for number in count():
        stream = f"room-{number % STREAMS}"
        news = await log.read_stream(stream, after_version=heads[stream])
        heads[stream] = news[-1].last_version if news else heads[stream]
        commit = commit_of("a", "b", stream=stream, after=heads[stream], commit_id=f"{caller}-{number}")
        try:
            outcome = await log.append(commit)
        except (ConcurrencyConflictError, UnavailableError):
            continue
        sys.stdout.write(f"{commit.commit_id} {outcome.commit.position}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
