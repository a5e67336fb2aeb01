"""`python -m registration serve [--only api|worker]` runs the service; `views` rebuilds its read models."""

import argparse
import sys
from functools import partial
from typing import Final

from ansinh_kit.observability.logging import configure_logging
from ansinh_kit.runtime import run_process
from ansinh_kit.settings import SettingsError, load_settings
from ansinh_kit.view_commands import add_view_arguments, operate_views

from registration.app import LOG_FIELDS, SERVICE, build_api, build_process
from registration.projections.review_queue import ReviewQueue
from registration.settings import RegistrationSettings
from registration.worker import register_worker

_PROJECTIONS: Final = [ReviewQueue()]


def main() -> None:
    arguments = _parser().parse_args()
    try:
        settings = load_settings(RegistrationSettings)
    except SettingsError as error:
        sys.exit(str(error))
    configure_logging(SERVICE, settings.log_level, allowed_fields=LOG_FIELDS, stream=arguments.log_stream)
    if arguments.command == "views":
        run_process(partial(_operate_views, settings, arguments))
    else:
        run_process(partial(_serve, settings, arguments.only))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=SERVICE, description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="run API and background work")
    serve.add_argument("--only", choices=("api", "worker"), help="run one half")
    serve.set_defaults(log_stream=sys.stdout)
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
    await runtime.serve(
        build_api(process),
        host=settings.host,
        port=settings.port,
        drain_delay_seconds=settings.drain_delay_seconds,
        drain_timeout_seconds=settings.drain_timeout_seconds,
    )


if __name__ == "__main__":
    main()
