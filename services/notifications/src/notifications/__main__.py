"""`python -m notifications serve [--only api|worker]`."""

import argparse
import sys
from collections.abc import Sequence
from functools import partial

from ansinh_kit.observability.logging import configure_logging
from ansinh_kit.runtime import Runtime, run_process
from ansinh_kit.settings import SettingsError, load_settings

from notifications.app import LOG_FIELDS, SERVICE, build_api, build_foundation
from notifications.settings import NotificationsSettings
from notifications.worker import add_worker


async def serve(settings: NotificationsSettings, only: str | None) -> None:
    """Run the service until it is told to end. Health and metrics are served in every case."""
    foundation = build_foundation(settings)
    runtime = Runtime(SERVICE, metrics=foundation.metrics, readiness=foundation.readiness)
    runtime.on_start(foundation.log.start)
    runtime.on_stop(foundation.log.close)
    runtime.check("mongodb", foundation.client.ping)
    if only != "api":
        add_worker(runtime, foundation)
    await runtime.serve(
        build_api(foundation),
        host=settings.host,
        port=settings.port,
        drain_delay_seconds=settings.drain_delay_seconds,
        drain_timeout_seconds=settings.drain_timeout_seconds,
    )


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog=SERVICE)
    commands = parser.add_subparsers(dest="command", required=True)
    serving = commands.add_parser("serve", help="run the service")
    serving.add_argument("--only", choices=("api", "worker"), help="run only this half")
    chosen = parser.parse_args(arguments)
    try:
        settings = load_settings(NotificationsSettings)
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    configure_logging(SERVICE, settings.log_level, allowed_fields=LOG_FIELDS)
    run_process(partial(serve, settings, chosen.only))
    return 0


if __name__ == "__main__":
    sys.exit(main())
