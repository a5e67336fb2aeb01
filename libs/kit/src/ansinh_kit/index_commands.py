"""`python -m <service> keys re-index` and `in-use`: what a new key of the blind index leaves to do and wait for.

`re-index` writes `{"step": "re_indexed", "position", "last_position", "moved", "left"}` after each page of the log; one
that was ended is gone on with by `--after` its last position. Then it builds the read models anew whose keys are
blind indexes. `in-use` writes one line: how many requests may still be repeated whose bodies stand under an older key.
"""

import argparse
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from typing import TypeVar

from ansinh_kit.errors import UnavailableError
from ansinh_kit.foundation import Foundation
from ansinh_kit.key_commands import RE_WRAP, add_key_arguments, rewrap_keys, tell
from ansinh_kit.projections.generations import GenerationGoneError
from ansinh_kit.projections.projection import Projection
from ansinh_kit.projections.rebuild import rebuild
from ansinh_kit.re_indexing import NumbersTold, ReIndexed, ReIndexing
from ansinh_kit.reservations import Reservations
from ansinh_kit.runtime import run_process
from ansinh_kit.settings import ServiceSettings

RE_INDEX = "re-index"
IN_USE = "in-use"

Settings = TypeVar("Settings", bound=ServiceSettings)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedService:
    """A service that reserves numbers under blind indexes; `views` are its read models whose keys are such."""

    foundation: Foundation
    reservations: Reservations
    numbers_told: NumbersTold
    views: Sequence[Projection]


def add_indexed_key_arguments(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `keys` with the actions of a service that has numbers: `re-wrap`, `re-index` and `in-use`."""
    parser = add_key_arguments(commands, (RE_INDEX, IN_USE))
    parser.add_argument(
        "--index-since", type=datetime.fromisoformat, help="in-use: when the newest index key came into use, with zone"
    )
    parser.add_argument("--after", type=int, default=0, help="re-index: the position up to which it was done before")


def operate_indexed_keys(
    settings: Settings, arguments: argparse.Namespace, build: Callable[[Settings], IndexedService]
) -> None:
    """Do what `arguments` say, in a process that serves nobody."""
    run_process(partial(_operate, settings, arguments, build))


async def _operate(
    settings: Settings, arguments: argparse.Namespace, build: Callable[[Settings], IndexedService]
) -> None:
    # Built inside the loop: the driver belongs to the one it was made in.
    service = build(settings)
    if arguments.action == RE_WRAP:
        await rewrap_keys(settings, service.foundation)
    elif arguments.action == RE_INDEX:
        await _re_index(service, after=arguments.after)
    else:
        await _tell_repeats(service.foundation, arguments.index_since)


async def _re_index(service: IndexedService, *, after: int) -> None:
    """Move reservations and build `views` anew, beside the running service.

    Exits with code 1 and a sentence on stderr if it cannot be done.
    """
    foundation = service.foundation
    work = ReIndexing(
        store=foundation.store,
        reservations=service.reservations,
        blind_index=foundation.blind_index,
        cipher=foundation.cipher,
        numbers_told=service.numbers_told,
    )

    async def do() -> None:
        done = await work(after=after, report=tell_re_indexed)
        for view in service.views:
            await rebuild(foundation.projector(view), foundation.store, report=lambda _progress: None)
        tell("done", moved=done.moved, left=done.left)

    await beside_the_service(foundation, do)


async def beside_the_service(foundation: Foundation, work: Callable[[], Awaitable[None]]) -> None:
    """Do `work` with the log open, and close everything after it; exits with code 1 if it cannot be done now."""
    await foundation.log.start()
    try:
        await work()
    except UnavailableError as error:
        sys.exit(f"{error.dependency} does not answer; go on with --after and the last position above")
    except GenerationGoneError:
        sys.exit("the builds of a read model were changed by someone else meanwhile; try again")
    finally:
        await foundation.log.close()
        foundation.client.close()


async def _tell_repeats(foundation: Foundation, index_since: datetime | None) -> None:
    """Tell how many requests may still come again that came first before the newest index key was in use."""
    now = foundation.clock.now()
    try:
        repeats = await foundation.idempotency_keys.claimed_before(index_since or now, now=now)
        tell("in_use", repeats=repeats)
    except UnavailableError as error:
        sys.exit(f"{error.dependency} does not answer; try again")
    finally:
        foundation.client.close()


def tell_re_indexed(progress: ReIndexed) -> None:
    """Write one step."""
    tell("re_indexed", **asdict(progress))
