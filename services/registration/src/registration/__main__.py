"""`python -m registration serve [--only api|worker]` runs the service.

`views` rebuilds its read models, `keys` does what a rotation of keys leaves to do, `declarations-of` tells which
declarations name a person.
"""

import argparse
import sys
from functools import partial

from ansinh_kit.index_commands import add_indexed_key_arguments, operate_indexed_keys
from ansinh_kit.observability.logging import configure_logging
from ansinh_kit.runtime import run_process
from ansinh_kit.service_command import add_serve_command, serve, settings_or_exit
from ansinh_kit.view_commands import add_view_arguments, operate_views

from registration.app import LOG_FIELDS, SERVICE, build_api, build_process
from registration.key_command import indexed_service
from registration.naming_command import tell_declarations
from registration.projections.catalogue import VIEW_NAMES, all_projections
from registration.settings import RegistrationSettings
from registration.worker import register_worker


def main() -> None:
    arguments = _parser().parse_args()
    settings = settings_or_exit(RegistrationSettings)
    configure_logging(SERVICE, settings.log_level, allowed_fields=LOG_FIELDS, stream=arguments.log_stream)
    if arguments.command == "views":
        run_process(partial(_operate_views, settings, arguments))
    elif arguments.command == "keys":
        operate_indexed_keys(settings, arguments, indexed_service)
    elif arguments.command == "declarations-of":
        run_process(partial(_tell_declarations, settings))
    else:
        run_process(partial(_serve, settings, arguments.only))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=SERVICE, description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    add_serve_command(commands)
    add_indexed_key_arguments(commands)
    views = commands.add_parser("views", help="rebuild a read model, or roll it back")
    add_view_arguments(views, VIEW_NAMES)
    naming = commands.add_parser("declarations-of", help="tell which declarations name the person that stdin numbers")
    naming.set_defaults(log_stream=sys.stderr)
    return parser


async def _operate_views(settings: RegistrationSettings, arguments: argparse.Namespace) -> None:
    foundation = build_process(settings).foundation
    await operate_views(arguments, foundation, all_projections(foundation.blind_index))


async def _tell_declarations(settings: RegistrationSettings) -> None:
    await tell_declarations(build_process(settings))


async def _serve(settings: RegistrationSettings, only: str | None) -> None:
    process = build_process(settings)
    runtime = process.foundation.runtime()
    runtime.on_start(process.prepare)
    if only != "api":
        register_worker(runtime, process)
    await serve(runtime, build_api(process), settings)


if __name__ == "__main__":
    main()
