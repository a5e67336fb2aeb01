"""`python -m <service> views …`: what an operator does to a service's read models, in a process beside the running one.

Each step is a line of JSON on stdout: `{"step": "folded", "position", "last_position", "events"}` after each page,
then `switched` with the collection that is read from now on, and `dropped` with those that are gone.
"""

import argparse
import json
import sys
from collections.abc import Iterable

from ansinh_kit.errors import UnavailableError
from ansinh_kit.foundation import Foundation
from ansinh_kit.projections.generations import GenerationGoneError, NoEarlierGenerationError
from ansinh_kit.projections.projection import Projection
from ansinh_kit.projections.projector import Projector
from ansinh_kit.projections.rebuild import Progress, rebuild


def add_view_arguments(parser: argparse.ArgumentParser, names: Iterable[str]) -> None:
    """Let `parser` take what `operate_views` reads, for the views of these names; logs go to stderr."""
    parser.add_argument("action", choices=("rebuild", "roll-back"))
    parser.add_argument("view", choices=sorted(names))
    parser.add_argument("--drop-old", action="store_true", help="after a rebuild: no way back, and the space is free")
    parser.set_defaults(log_stream=sys.stderr)


async def operate_views(
    arguments: argparse.Namespace, foundation: Foundation, projections: Iterable[Projection]
) -> None:
    """Rebuild the view that `arguments` name, or let its readers have the build before again.

    The service goes on meanwhile. Exits with code 1 and a sentence on stderr if it cannot be done.
    """
    (projection,) = (each for each in projections if each.name == arguments.view)
    projector = foundation.projector(projection)
    try:
        if arguments.action == "rebuild":
            await _rebuild(projector, foundation, drop_old=arguments.drop_old)
        else:
            _tell("switched", collection=(await projector.generations.roll_back()).collection)
    except NoEarlierGenerationError:
        sys.exit(f"{arguments.view}: there is no earlier build to go back to")
    except GenerationGoneError:
        sys.exit(f"{arguments.view}: its builds were changed by someone else meanwhile; try again")
    except UnavailableError as error:
        sys.exit(f"{error.dependency} does not answer; try again")
    finally:
        foundation.client.close()


async def _rebuild(projector: Projector, foundation: Foundation, *, drop_old: bool) -> None:
    built = await rebuild(projector, foundation.store, report=_tell_progress)
    _tell("switched", collection=built.collection)
    if drop_old:
        _tell("dropped", collections=await projector.generations.drop_inactive())


def _tell_progress(progress: Progress) -> None:
    _tell("folded", position=progress.position, last_position=progress.last_position, events=progress.events)


def _tell(step: str, **facts: object) -> None:
    sys.stdout.write(json.dumps({"step": step, **facts}) + "\n")
    sys.stdout.flush()
