"""The background half: tells the others what happened, hears them, keeps read models current, settles reservations."""

from datetime import timedelta
from functools import partial
from typing import Final

from ansinh_contracts.publications import RECORDS
from ansinh_kit.runtime import Runtime
from ansinh_kit.supervision import repeatedly

from records.app import Process
from records.handlers.merging import carry_on_open_merges
from records.messaging.consumers import subscriptions
from records.messaging.publishing import to_contract
from records.projections.catalogue import all_projections

_SETTLE_EVERY_SECONDS: Final = 30.0
_MERGE_EVERY_SECONDS: Final = 5.0
_ESCALATE_EVERY_SECONDS: Final = 60.0
_NOTICE_EVERY_SECONDS: Final = 60.0
_IMPORT_EVERY_SECONDS: Final = 1.0
_SWEEP_EVERY_SECONDS: Final = 600.0
_RESERVED_LONGER_THAN: Final = timedelta(minutes=2)


def register_worker(runtime: Runtime, process: Process) -> None:
    """Register everything that works in the background; `runtime` starts it again whenever it ends."""
    process.foundation.join_bus(
        runtime, RECORDS, to_contract, subscriptions(process.use_cases.linking, process.use_cases.following)
    )
    process.foundation.follow(runtime, all_projections(process.foundation.blind_index))
    merges = partial(carry_on_open_merges, process.read_models.open_merges, process.use_cases.merging)
    runtime.background("merges", partial(repeatedly, merges, every_seconds=_MERGE_EVERY_SECONDS))
    escalate = process.use_cases.escalations.escalate_overdue
    runtime.background("escalations", partial(repeatedly, escalate, every_seconds=_ESCALATE_EVERY_SECONDS))
    notices = process.use_cases.monthly_notices.issue_due
    runtime.background("notices", partial(repeatedly, notices, every_seconds=_NOTICE_EVERY_SECONDS))
    imports = process.use_cases.uploads.carry_on
    runtime.background("imports", partial(repeatedly, imports, every_seconds=_IMPORT_EVERY_SECONDS))
    sweep = process.use_cases.uploads.sweep
    runtime.background("import_files", partial(repeatedly, sweep, every_seconds=_SWEEP_EVERY_SECONDS))
    settle = partial(_settle_reservations, process)
    runtime.background("reservations", partial(repeatedly, settle, every_seconds=_SETTLE_EVERY_SECONDS))


async def _settle_reservations(process: Process) -> None:
    """Free, or confirm, what a command held when it was killed half-way."""
    await process.reservations.sweep(process.foundation.store, _RESERVED_LONGER_THAN)
