"""`python -m registration serve [--only api|worker]` runs the service."""

import argparse
import sys
from functools import partial
from typing import Final

from ansinh_kit.observability.logging import configure_logging
from ansinh_kit.runtime import Runtime, run_process
from ansinh_kit.settings import SettingsError, load_settings

from registration.app import SERVICE, build_api, build_process
from registration.settings import RegistrationSettings
from registration.worker import register_worker

_ALLOWED_LOG_FIELDS: Final = ("declaration_id", "return_code")


def main() -> None:
    arguments = _parser().parse_args()
    try:
        settings = load_settings(RegistrationSettings)
    except SettingsError as error:
        sys.exit(str(error))
    configure_logging(SERVICE, settings.log_level, allowed_fields=_ALLOWED_LOG_FIELDS)
    run_process(partial(_serve, settings, arguments.only))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="registration", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="run API and background work")
    serve.add_argument("--only", choices=("api", "worker"), help="run one half")
    return parser


async def _serve(settings: RegistrationSettings, only: str | None) -> None:
    process = build_process(settings)
    app = build_api(process)
    runtime = Runtime(SERVICE, metrics=process.metrics, readiness=process.readiness)
    runtime.on_start(process.log.start)
    runtime.on_start(process.prepare)
    runtime.check("mongodb", process.client.ping)
    if only != "api":
        register_worker(runtime, process)
    runtime.on_stop(process.log.close)
    await runtime.serve(
        app,
        host=settings.host,
        port=settings.port,
        drain_delay_seconds=settings.drain_delay_seconds,
        drain_timeout_seconds=settings.drain_timeout_seconds,
    )


if __name__ == "__main__":
    main()
