"""Waiting, after a fault, until the system has nothing left to do about a load."""

import asyncio
import json

from tests.eventually import eventually
from tests.faults.ledger import Ledger
from tests.faults.messages import notices
from tests.faults.stored_logs import SERVICES, Databases
from tests.plugins.system import RunningSystem

# A message whose sender was killed is settled when its lease has run out and the carrier was asked.
DRAINING_SECONDS = 120.0


async def drained(system: RunningSystem, stored: Databases, ledger: Ledger) -> None:
    """Return when every process is ready, every log is relayed, every queue empty, and every notice settled."""
    await asyncio.to_thread(system.wait_until_ready, DRAINING_SECONDS)

    async def nothing_is_left() -> bool:
        await _accounts_are_known(stored, ledger)
        await _notices_are_settled(stored, ledger)
        for service in SERVICES:
            assert await stored.relayed_position(service) >= await stored.last_position(service), f"relay of {service}"
        assert await asyncio.to_thread(waiting_messages, system) == {}
        return True

    await eventually(nothing_is_left, DRAINING_SECONDS, says="a drained system")


def waiting_messages(system: RunningSystem) -> dict[str, int]:
    """Return how many messages each queue holds that is not empty, the queues of dead letters included."""
    listed = json.loads(system.broker_control("list_queues", "--formatter", "json", "name", "messages"))
    assert listed, "there are queues"
    return {queue["name"]: queue["messages"] for queue in listed if queue["messages"]}


async def _accounts_are_known(stored: Databases, ledger: Ledger) -> None:
    events = await stored.events("registration")
    known = {event.facts["declaration_id"] for event in events if event.event_type == "account_opened_for_declarant"}
    assert ledger.declarations("valid") <= known, "accounts are still being opened"


async def _notices_are_settled(stored: Databases, ledger: Ledger) -> None:
    ours = await stored.persons(ledger.declarations("submit"))
    found = [notice for notice in notices(await stored.events("notifications")) if notice.person_id in ours]
    assert [notice for notice in found if not notice.settled] == []
    # A receipt and an approval, each by SMS and by e-mail.
    assert len(found) >= 4 * len(ours), f"{len(found)} notices for {len(ours)} declarations"
