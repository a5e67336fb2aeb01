"""`python -m records serve [--only api|worker]` runs the service.

`views` rebuilds views, `import` feeds a file, `forget` forgets a person, whose `numbers` others are asked for first.
"""

import argparse
import sys
from functools import partial

from ansinh_kit.index_commands import add_indexed_key_arguments, operate_indexed_keys
from ansinh_kit.observability.logging import configure_logging
from ansinh_kit.runtime import run_process
from ansinh_kit.service_command import add_serve_command, serve, settings_or_exit
from ansinh_kit.view_commands import add_view_arguments, operate_views

from records.app import LOG_FIELDS, SERVICE, build_api, build_process
from records.forget_command import forget_person, tell_numbers
from records.import_command import add_import_arguments, import_file
from records.key_command import indexed_service
from records.projections.catalogue import VIEW_NAMES, all_projections
from records.settings import RecordsSettings
from records.worker import register_worker


def main() -> None:
    arguments = _parser().parse_args()
    settings = settings_or_exit(RecordsSettings)
    configure_logging(SERVICE, settings.log_level, allowed_fields=LOG_FIELDS, stream=arguments.log_stream)
    if arguments.command == "views":
        run_process(partial(_operate_views, settings, arguments))
    elif arguments.command == "keys":
        operate_indexed_keys(settings, arguments, indexed_service)
    elif arguments.command == "forget":
        run_process(partial(_forget, settings))
    elif arguments.command == "numbers":
        run_process(partial(_tell_numbers, settings))
    elif arguments.command == "import":
        sys.exit(run_process(partial(_import, settings, arguments)))
    else:
        run_process(partial(_serve, settings, arguments.only))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=SERVICE, description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    add_serve_command(commands)
    add_indexed_key_arguments(commands)
    add_view_arguments(commands.add_parser("views", help="rebuild a read model, or roll it back"), VIEW_NAMES)
    bring = commands.add_parser("import", help="take a file of rows into the records")
    add_import_arguments(bring)
    bring.set_defaults(log_stream=sys.stderr)
    forget = commands.add_parser("forget", help="forget the person that stdin names, or restrict the record")
    forget.set_defaults(log_stream=sys.stderr)
    numbers = commands.add_parser("numbers", help="tell the numbers of the person that stdin names")
    numbers.set_defaults(log_stream=sys.stderr)
    return parser


async def _operate_views(settings: RecordsSettings, arguments: argparse.Namespace) -> None:
    foundation = build_process(settings).foundation
    await operate_views(arguments, foundation, all_projections(foundation.blind_index))


async def _import(settings: RecordsSettings, arguments: argparse.Namespace) -> int:
    return await import_file(build_process(settings), arguments)


async def _forget(settings: RecordsSettings) -> None:
    await forget_person(build_process(settings))


async def _tell_numbers(settings: RecordsSettings) -> None:
    await tell_numbers(build_process(settings))


async def _serve(settings: RecordsSettings, only: str | None) -> None:
    process = build_process(settings)
    runtime = process.foundation.runtime()
    runtime.on_start(process.prepare)
    if only != "api":
        register_worker(runtime, process)
    await serve(runtime, build_api(process), settings)


if __name__ == "__main__":
    main()
