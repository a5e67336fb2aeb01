"""`python -m gateway serve`: the edge, until it is told to stop."""

import argparse
import asyncio
import signal
import sys
from contextlib import AbstractContextManager, nullcontext
from functools import partial

import uvicorn
from ansinh_kit.observability.logging import configure_logging
from ansinh_kit.runtime import Runtime, run_process
from ansinh_kit.settings import SettingsError, load_settings

from gateway.app import LOG_FIELDS, SERVICE, Gateway, build_gateway
from gateway.settings import GatewaySettings


class _OperationsServer(uvicorn.Server):
    """Serves the operators' pages beside the public port; signals are the runtime's."""

    def capture_signals(self) -> AbstractContextManager[None]:  # type: ignore[override]  # narrower than a generator
        return nullcontext()


def main() -> None:
    _parser().parse_args()
    try:
        settings = load_settings(GatewaySettings)
    except SettingsError as error:
        sys.exit(str(error))
    configure_logging(SERVICE, settings.log_level, allowed_fields=LOG_FIELDS)
    run_process(partial(_serve, settings))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=SERVICE, description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("serve", help="run the gateway")
    return parser


async def _serve(settings: GatewaySettings) -> None:
    """Run the gateway until it is told to end; then finish what is under way (GW-18). SIGHUP: read settings again."""
    gateway = build_gateway(settings)
    runtime = Runtime(SERVICE, metrics=gateway.metrics, readiness=gateway.readiness)
    runtime.on_stop(gateway.close)
    runtime.on_drain(gateway.streams.drain)
    runtime.background("openapi", gateway.openapi.run)
    runtime.background("session_news", gateway.streams.run)
    if gateway.sharing is not None:
        for name, work in gateway.sharing.background.items():
            runtime.background(name, work, needed=False)
    if settings.operations_port is not None:
        runtime.background("operations", partial(_serve_operations, settings.host, settings.operations_port, gateway))
    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, gateway.door.reload)
    await runtime.serve(
        gateway.door,
        host=settings.host,
        port=settings.port,
        drain_delay_seconds=settings.drain_delay_seconds,
        drain_timeout_seconds=settings.drain_timeout_seconds,
        http=gateway.door.protocol,
    )


async def _serve_operations(host: str, port: int, gateway: Gateway) -> None:
    config = uvicorn.Config(
        gateway.operations, host=host, port=port, ws="none", lifespan="off", log_config=None, access_log=False
    )
    await _OperationsServer(config).serve()


if __name__ == "__main__":
    main()
