"""`python -m notifications serve [--only api|worker]` runs the service.

`views` rebuilds its read models, `keys` does what a rotation of keys leaves to do.
"""

import argparse
from functools import partial
from typing import Final

from ansinh_kit.key_commands import add_key_arguments, rewrap_keys
from ansinh_kit.observability.logging import configure_logging
from ansinh_kit.runtime import run_process
from ansinh_kit.service_command import add_serve_command, serve, settings_or_exit
from ansinh_kit.view_commands import add_view_arguments, operate_views

from notifications.app import LOG_FIELDS, SERVICE, build_api, build_process
from notifications.projections.duties import Duties
from notifications.settings import NotificationsSettings
from notifications.worker import register_worker

_PROJECTIONS: Final = [Duties()]


def main() -> None:
    arguments = _parser().parse_args()
    settings = settings_or_exit(NotificationsSettings)
    configure_logging(SERVICE, settings.log_level, allowed_fields=LOG_FIELDS, stream=arguments.log_stream)
    if arguments.command == "views":
        run_process(partial(_operate_views, settings, arguments))
    elif arguments.command == "keys":
        run_process(partial(_rewrap_keys, settings))
    else:
        run_process(partial(_serve, settings, arguments.only))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=SERVICE, description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    add_serve_command(commands)
    add_key_arguments(commands)
    views = commands.add_parser("views", help="rebuild a read model, or roll it back")
    add_view_arguments(views, (projection.name for projection in _PROJECTIONS))
    return parser


async def _rewrap_keys(settings: NotificationsSettings) -> None:
    await rewrap_keys(settings, build_process(settings).foundation)


async def _operate_views(settings: NotificationsSettings, arguments: argparse.Namespace) -> None:
    await operate_views(arguments, build_process(settings).foundation, _PROJECTIONS)


async def _serve(settings: NotificationsSettings, only: str | None) -> None:
    process = build_process(settings)
    runtime = process.foundation.runtime()
    if only != "api":
        register_worker(runtime, process)
    await serve(runtime, build_api(process), settings)


if __name__ == "__main__":
    main()
