"""What the command line of every service has in common: settings or a sentence, and `serve`."""

import argparse
import sys
from typing import TypeVar

from starlette.types import ASGIApp

from ansinh_kit.runtime import Runtime
from ansinh_kit.settings import ServiceSettings, SettingsError, load_settings

Settings = TypeVar("Settings", bound=ServiceSettings)


def settings_or_exit(settings: type[Settings]) -> Settings:
    """Return the settings of this process; end it, naming every variable, if one is missing or wrong."""
    try:
        return load_settings(settings)
    except SettingsError as error:
        sys.exit(str(error))


def add_serve_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `serve`, whose `--only` says which half to run; logs go to stdout."""
    serve = commands.add_parser("serve", help="run API and background work")
    serve.add_argument("--only", choices=("api", "worker"), help="run one half")
    serve.set_defaults(log_stream=sys.stdout)


async def serve(runtime: Runtime, app: ASGIApp, settings: ServiceSettings) -> None:
    """Serve `app` where and as the settings say, until told to stop."""
    await runtime.serve(
        app,
        host=settings.host,
        port=settings.port,
        drain_delay_seconds=settings.drain_delay_seconds,
        drain_timeout_seconds=settings.drain_timeout_seconds,
    )
