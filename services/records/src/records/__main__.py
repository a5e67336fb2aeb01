"""`python -m records serve [--only api|worker]` runs the service."""

import argparse
import sys
from functools import partial

from ansinh_kit.observability.logging import configure_logging
from ansinh_kit.runtime import run_process
from ansinh_kit.settings import SettingsError, load_settings

from records.app import LOG_FIELDS, SERVICE, build_api, build_process
from records.settings import RecordsSettings
from records.worker import register_worker


def main() -> None:
    arguments = _parser().parse_args()
    try:
        settings = load_settings(RecordsSettings)
    except SettingsError as error:
        sys.exit(str(error))
    configure_logging(SERVICE, settings.log_level, allowed_fields=LOG_FIELDS)
    run_process(partial(_serve, settings, arguments.only))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=SERVICE, description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="run API and background work")
    serve.add_argument("--only", choices=("api", "worker"), help="run one half")
    return parser


async def _serve(settings: RecordsSettings, only: str | None) -> None:
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
