"""`python -m registration serve [--only api|worker]` runs the service; `views` rebuilds its read models."""

import argparse
from functools import partial
from typing import Final

from ansinh_kit.observability.logging import configure_logging
from ansinh_kit.runtime import run_process
from ansinh_kit.service_command import add_serve_command, serve, settings_or_exit
from ansinh_kit.view_commands import add_view_arguments, operate_views

from registration.app import LOG_FIELDS, SERVICE, build_api, build_process
from registration.projections.review_queue import ReviewQueue
from registration.settings import RegistrationSettings
from registration.worker import register_worker

_PROJECTIONS: Final = [ReviewQueue()]


def main() -> None:
    arguments = _parser().parse_args()
    settings = settings_or_exit(RegistrationSettings)
    configure_logging(SERVICE, settings.log_level, allowed_fields=LOG_FIELDS, stream=arguments.log_stream)
    if arguments.command == "views":
        run_process(partial(_operate_views, settings, arguments))
    else:
        run_process(partial(_serve, settings, arguments.only))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=SERVICE, description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    add_serve_command(commands)
    views = commands.add_parser("views", help="rebuild a read model, or roll it back")
    add_view_arguments(views, (projection.name for projection in _PROJECTIONS))
    return parser


async def _operate_views(settings: RegistrationSettings, arguments: argparse.Namespace) -> None:
    await operate_views(arguments, build_process(settings).foundation, _PROJECTIONS)


async def _serve(settings: RegistrationSettings, only: str | None) -> None:
    process = build_process(settings)
    runtime = process.foundation.runtime()
    runtime.on_start(process.prepare)
    if only != "api":
        register_worker(runtime, process)
    await serve(runtime, build_api(process), settings)


if __name__ == "__main__":
    main()
