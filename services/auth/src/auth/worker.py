"""The background half: tells the others what happened, hears them, sends codes, and finishes what a kill left."""

from datetime import timedelta
from functools import partial
from typing import Final

import structlog
from ansinh_contracts.publications import AUTH
from ansinh_kit.runtime import Runtime
from ansinh_kit.supervision import repeatedly

from auth.app import Process
from auth.messaging.consumers import subscriptions
from auth.messaging.objectionable import with_objection_codes
from auth.messaging.publishing import to_contract
from auth.projections import all_projections

log = structlog.get_logger(__name__)

_RECORD_EVERY_SECONDS: Final = 2.0
# Younger marks belong to a request that is just about to record them itself.
_RECORD_OLDER_THAN: Final = timedelta(seconds=5)
_SETTLE_EVERY_SECONDS: Final = 30.0
_RESERVED_LONGER_THAN: Final = timedelta(minutes=5)


def register_worker(runtime: Runtime, process: Process) -> None:
    """Register everything that works in the background; `runtime` starts it again whenever it ends."""
    use_cases = process.use_cases
    told = with_objection_codes(to_contract, use_cases.objection_codes)
    heard = subscriptions(use_cases.activation.open_accounts, use_cases.message_reports, process.forgetting)
    process.foundation.join_bus(runtime, AUTH, told, heard)
    runtime.background("secrets_outbox", use_cases.stored.outbox.run)
    runtime.background("recoveries", use_cases.recovery.prepare.run)
    process.foundation.follow(runtime, all_projections())
    runtime.on_start(use_cases.staff.adopt)
    finish = partial(_finish_staff_changes, process)
    runtime.background("staff_changes", partial(repeatedly, finish, every_seconds=_RECORD_EVERY_SECONDS))
    record = partial(_record_pending_changes, process)
    runtime.background("pending_changes", partial(repeatedly, record, every_seconds=_RECORD_EVERY_SECONDS))
    settle = partial(_settle_reservations, process)
    runtime.background("reservations", partial(repeatedly, settle, every_seconds=_SETTLE_EVERY_SECONDS))


async def _record_pending_changes(process: Process) -> None:
    """Record the changes of access whose process was killed before it could (SES-03)."""
    recorded = await process.use_cases.stored.pending.record_older_than(
        process.foundation.clock.now() - _RECORD_OLDER_THAN
    )
    if recorded:
        log.info("pending_changes_recorded", count=recorded)


async def _finish_staff_changes(process: Process) -> None:
    """Let what follows a change of staff or integrators follow, where a process was killed in between."""
    staff, now = process.use_cases.staff, process.foundation.clock.now()
    # First what takes rights away.
    await staff.roster.follow_further()
    await staff.all_sessions.follow_further()
    await process.use_cases.integrators.administer.follow_changes_before(now - _RECORD_OLDER_THAN)
    await staff.join.finish_accepted_before(now - _RECORD_OLDER_THAN)


async def _settle_reservations(process: Process) -> None:
    """Free, or confirm, the numbers held by an account that a kill kept from being opened."""
    await process.reservations.sweep(process.foundation.store, _RESERVED_LONGER_THAN)
