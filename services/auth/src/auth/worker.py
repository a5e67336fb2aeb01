"""The background half: tells the others what happened, hears them, sends codes, and finishes what a kill left."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Final

import structlog
from ansinh_contracts.publications import AUTH
from ansinh_kit.errors import UnavailableError
from ansinh_kit.http.health import Check, NotReadyError
from ansinh_kit.messaging.consumer import Consumer
from ansinh_kit.messaging.parking import Parking
from ansinh_kit.messaging.relay import Relay
from ansinh_kit.personal_data.sealing import Opener
from ansinh_kit.runtime import Runtime

from auth.app import SERVICE, Process
from auth.messaging.consumers import subscriptions
from auth.messaging.publishing import to_contract
from auth.storage.pending_changes import PendingChanges

log = structlog.get_logger(__name__)

_SWEEP_EVERY_SECONDS: Final = 2.0
# Younger marks belong to a request that is just about to record them itself.
_SWEEP_OLDER_THAN: Final = timedelta(seconds=5)
_RESERVED_LONGER_THAN: Final = timedelta(minutes=5)


def register_worker(runtime: Runtime, process: Process) -> None:
    """Register relay, consumers, outbox and sweep; `runtime` starts them again whenever they end."""
    use_cases = process.use_cases
    relay = Relay(
        store=process.store,
        database=process.database,
        broker=process.broker,
        publication=AUTH,
        to_contract=to_contract,
        sealer=process.sealer,
    )
    parking = Parking(process.database, clock=process.clock)
    opener = Opener(SERVICE, process.settings.sealing_private_key)
    runtime.background("broker", process.broker.run)
    runtime.check("broker_connection", _holds("the broker is not connected", lambda: process.broker.ready))
    runtime.background("relay", relay.run)
    for subscription in subscriptions(use_cases.reactions):
        consumer = Consumer(process.broker, subscription, parking=parking, opener=opener)
        name = f"consumer_{subscription.producer}"
        runtime.background(name, consumer.run)
        runtime.check(f"{name}_reads", _reads(consumer))
    runtime.background("secrets_outbox", use_cases.outbox.run)
    runtime.background("sweep", lambda: sweep(use_cases.pending, process))


async def sweep(pending: PendingChanges, process: Process) -> None:
    """Finish, for ever, what a killed process left: changes not yet recorded (SES-03), numbers reserved in vain."""
    while True:
        try:
            finished = await pending.record_older_than(process.clock.now() - _SWEEP_OLDER_THAN)
            if finished:
                log.info("pending_changes_recorded", count=finished)
            await process.reservations.sweep(process.store, _RESERVED_LONGER_THAN)
        except UnavailableError as error:
            log.warning("sweep_waits", dependency=error.dependency)
        await asyncio.sleep(_SWEEP_EVERY_SECONDS)


def _reads(consumer: Consumer) -> Check:
    return _holds("a partition is not being read", lambda: consumer.ready)


def _holds(otherwise: str, condition: Callable[[], bool]) -> Check:
    async def check() -> None:
        if not condition():
            raise NotReadyError(otherwise)

    return check
