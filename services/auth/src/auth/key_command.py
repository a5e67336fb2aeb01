"""`python -m auth keys …`: re-wrap as in every service, re-index of people's numbers, and what older keys still hold.

`re-index` writes `{"step": "re_indexed", "position", "last_position", "moved"}` after each page of the log; one that
was ended is gone on with by `--after` its last position. `in-use` writes one line, of how many passwords and codes.
"""

import argparse
import sys
from dataclasses import asdict
from datetime import datetime
from functools import partial

from ansinh_kit.errors import UnavailableError
from ansinh_kit.key_commands import RE_WRAP, add_key_arguments, rewrap_keys, tell
from ansinh_kit.reservations import AlreadyReservedError
from ansinh_kit.runtime import run_process

from auth.app import build_process
from auth.handlers.re_indexing import ReIndexed
from auth.settings import AuthSettings
from auth.storage.keys_in_use import older_keys_in_use


def add_auth_key_arguments(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = add_key_arguments(commands, ("re-index", "in-use"))
    parser.add_argument(
        "--index-since", type=datetime.fromisoformat, help="in-use: when the newest index key came into use, with zone"
    )
    parser.add_argument("--after", type=int, default=0, help="re-index: the position up to which it was done before")


def operate_keys(settings: AuthSettings, arguments: argparse.Namespace) -> None:
    """Do what `arguments` say, in a process that serves nobody."""
    if arguments.action == RE_WRAP:
        run_process(lambda: rewrap_keys(settings, build_process(settings).foundation))
    elif arguments.action == "re-index":
        run_process(partial(_re_index, settings, arguments.after))
    else:
        run_process(partial(_tell_in_use, settings, arguments.index_since))


async def _re_index(settings: AuthSettings, after: int) -> None:
    process = build_process(settings)
    await process.foundation.log.start()
    try:
        await process.use_cases.re_indexing(after=after, report=_tell_progress)
        tell("done")
    except AlreadyReservedError as error:
        sys.exit(f"a number of kind {error.scope} belongs to two accounts; the other is {error.owner}")
    except UnavailableError as error:
        sys.exit(f"{error.dependency} does not answer; go on with --after and the last position above")
    finally:
        await process.foundation.log.close()
        process.foundation.client.close()


def _tell_progress(progress: ReIndexed) -> None:
    tell("re_indexed", **asdict(progress))


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
        tell("in_use", **asdict(found))
    except UnavailableError as error:
        sys.exit(f"{error.dependency} does not answer; try again")
    finally:
        foundation.client.close()
