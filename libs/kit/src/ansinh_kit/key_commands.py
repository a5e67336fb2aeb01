"""`python -m <service> keys re-wrap`: what a rotation of wrapping keys leaves to do, in a process beside the service.

Each step is a line of JSON on stdout: `{"step": "re_wrapped", "written"}` after each batch, then `done`.
"""

import argparse
import json
import sys
from collections.abc import Iterable

from ansinh_kit.errors import UnavailableError
from ansinh_kit.foundation import Foundation
from ansinh_kit.personal_data.rotation import rewrap_all
from ansinh_kit.personal_data.wrapping import LocalKeyWrapper, WrappingKeyError
from ansinh_kit.settings import ServiceSettings

RE_WRAP = "re-wrap"


def add_key_arguments(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", more: Iterable[str] = ()
) -> argparse.ArgumentParser:
    """Add `keys` with its actions: `re-wrap`, and those of `more` that only this service has; logs go to stderr."""
    parser = commands.add_parser("keys", help="do what a rotation of keys leaves to do")
    parser.add_argument("action", choices=(RE_WRAP, *more))
    parser.set_defaults(log_stream=sys.stderr)
    return parser


async def rewrap_keys(settings: ServiceSettings, foundation: Foundation) -> None:
    """Write every data key anew under the newest wrapping key. The service goes on meanwhile; ended, it can go on.

    Exits with code 1 and a sentence on stderr if it cannot be done.
    """
    keyring = foundation.client.database(settings.keyring_database)
    try:
        written = await rewrap_all(
            keyring, LocalKeyWrapper(settings.wrapping_keys), report=lambda so_far: tell("re_wrapped", written=so_far)
        )
        tell("done", written=written)
    except WrappingKeyError as error:
        sys.exit(str(error))
    except UnavailableError as error:
        sys.exit(f"{error.dependency} does not answer; try again")
    finally:
        foundation.client.close()


def tell(step: str, **facts: object) -> None:
    """Write one step."""
    sys.stdout.write(json.dumps({"step": step, **facts}) + "\n")
    sys.stdout.flush()
