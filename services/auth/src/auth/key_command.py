"""`python -m auth keys …`: re-wrap as in every service, re-index of people's numbers, and what older keys still hold.

As `ansinh_kit.index_commands` says; `in-use` tells of passwords, codes and objections, too.
"""

import argparse
import sys
from dataclasses import asdict
from datetime import datetime
from functools import partial

from ansinh_kit.errors import UnavailableError
from ansinh_kit.index_commands import RE_INDEX, beside_the_service, tell_re_indexed
from ansinh_kit.key_commands import RE_WRAP, rewrap_keys, tell
from ansinh_kit.reservations import AlreadyReservedError
from ansinh_kit.runtime import run_process

from auth.app import build_process
from auth.settings import AuthSettings
from auth.storage.keys_in_use import older_keys_in_use


def operate_keys(settings: AuthSettings, arguments: argparse.Namespace) -> None:
    """Do what `arguments` say, in a process that serves nobody."""
    if arguments.action == RE_WRAP:
        run_process(partial(_rewrap, settings))
    elif arguments.action == RE_INDEX:
        run_process(partial(_re_index, settings, arguments.after))
    else:
        run_process(partial(_tell_in_use, settings, arguments.index_since))


async def _rewrap(settings: AuthSettings) -> None:
    # Built inside the loop: the driver belongs to the one it was made in.
    await rewrap_keys(settings, build_process(settings).foundation)


async def _re_index(settings: AuthSettings, after: int) -> None:
    process = build_process(settings)

    async def work() -> None:
        try:
            done = await process.use_cases.re_indexing(after=after, report=tell_re_indexed)
        except AlreadyReservedError as error:
            sys.exit(f"a number of kind {error.scope} belongs to two accounts; the other is {error.owner}")
        tell("done", moved=done.moved, left=done.left)

    await beside_the_service(process.foundation, work)


async def _tell_in_use(settings: AuthSettings, index_since: datetime | None) -> None:
    foundation = build_process(settings).foundation
    now = foundation.clock.now()
    try:
        found = await older_keys_in_use(
            foundation.database,
            peppers=settings.password_peppers,
            code_keys=settings.code_keys,
            index_since=index_since or now,
            now=now,
        )
        repeats = await foundation.idempotency_keys.claimed_before(index_since or now, now=now)
        tell("in_use", **asdict(found), repeats=repeats)
    except UnavailableError as error:
        sys.exit(f"{error.dependency} does not answer; try again")
    finally:
        foundation.client.close()
