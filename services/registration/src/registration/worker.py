"""The background half: tells the others what happened, hears them, keeps the queue current, settles reservations."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Final

import structlog
from ansinh_contracts.publications import REGISTRATION
from ansinh_kit.errors import UnavailableError
from ansinh_kit.http.health import Check, NotReadyError
from ansinh_kit.messaging.consumer import Consumer
from ansinh_kit.messaging.parking import Parking
from ansinh_kit.messaging.relay import Relay
from ansinh_kit.personal_data.sealing import Opener
from ansinh_kit.runtime import Runtime

from registration.app import SERVICE, Process
from registration.handlers.reactions import AccountSteps
from registration.messaging.consumers import auth_subscription
from registration.messaging.publishing import to_contract

log = structlog.get_logger(__name__)

_SWEEP_EVERY_SECONDS: Final = 30.0
_RESERVED_LONGER_THAN: Final = timedelta(minutes=2)


def register_worker(runtime: Runtime, process: Process) -> None:
    """Register relay, consumer, projector and sweep; `runtime` starts them again whenever they end."""
    around = process.around
    relay = Relay(
        store=around.store,
        database=process.database,
        broker=process.broker,
        publication=REGISTRATION,
        to_contract=to_contract,
        sealer=process.sealer,
    )
    consumer = Consumer(
        process.broker,
        auth_subscription(AccountSteps(around.store)),
        parking=Parking(process.database, clock=around.clock),
        opener=Opener(SERVICE, process.settings.sealing_private_key),
    )
    runtime.background("broker", process.broker.run)
    runtime.check("broker_connection", _holds("the broker is not connected", lambda: process.broker.ready))
    runtime.background("relay", relay.run)
    runtime.background("consumer_auth", consumer.run)
    runtime.check("consumer_auth_reads", _holds("a partition is not being read", lambda: consumer.ready))
    runtime.background("review_queue", process.projector.run)
    runtime.background("sweep", lambda: sweep(process))


async def sweep(process: Process) -> None:
    """Settle, for ever, the reservations of submissions that were killed half-way."""
    while True:
        try:
            await process.around.reservations.sweep(process.around.store, _RESERVED_LONGER_THAN)
        except UnavailableError as error:
            log.warning("sweep_waits", dependency=error.dependency)
        await asyncio.sleep(_SWEEP_EVERY_SECONDS)


def _holds(otherwise: str, condition: Callable[[], bool]) -> Check:
    async def check() -> None:
        if not condition():
            raise NotReadyError(otherwise)

    return check
