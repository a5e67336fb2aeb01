"""The background half: tells the others what happened, hears them, keeps read models current, settles reservations."""

from datetime import timedelta
from functools import partial
from typing import Final

from ansinh_contracts.publications import REGISTRATION
from ansinh_kit.runtime import Runtime
from ansinh_kit.supervision import repeatedly

from registration.app import Process
from registration.messaging.consumers import subscriptions
from registration.messaging.publishing import to_contract
from registration.projections.catalogue import all_projections

_SETTLE_EVERY_SECONDS: Final = 30.0
_RESERVED_LONGER_THAN: Final = timedelta(minutes=2)


def register_worker(runtime: Runtime, process: Process) -> None:
    """Register everything that works in the background; `runtime` starts it again whenever it ends."""
    process.foundation.join_bus(
        runtime, REGISTRATION, to_contract, subscriptions(process.use_cases.account_steps, process.forgetting)
    )
    process.foundation.follow(runtime, all_projections(process.foundation.blind_index))
    settle = partial(_settle_reservations, process)
    runtime.background("reservations", partial(repeatedly, settle, every_seconds=_SETTLE_EVERY_SECONDS))


async def _settle_reservations(process: Process) -> None:
    """Free, or confirm, what a submission held when it was killed half-way."""
    await process.reservations.sweep(process.foundation.store, _RESERVED_LONGER_THAN)
