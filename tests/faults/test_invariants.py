"""The checks themselves: each lets a sound system pass, and each notices what it is there for."""

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest
from ansinh_kit.database import Document

from tests.faults.invariants import (
    every_acknowledged_write_is_in_the_log,
    every_fact_was_told_once,
    every_log_is_dense_and_unique,
    every_valid_declaration_has_one_account,
)
from tests.faults.ledger import Ledger
from tests.faults.stored_logs import Databases

PHONE = "+84911000001"
TEXTS = Counter({(PHONE, "received"): 1, (PHONE, "valid"): 1})


class Found(Databases):
    """Logs made up here."""

    def __init__(self, **logs: list[Document]) -> None:
        self.logs: dict[str, list[Document]] = {
            "auth": [],
            "registration": [],
            "notifications": [],
            "records": [],
        } | logs

    async def commits(self, service: str) -> list[Document]:
        return self.logs[service]


def commit(stream: str, version: int, *types: str, **facts: Any) -> Document:  # noqa: ANN401 - any event's facts
    name = f"{stream}/{version}"
    events = [{"id": f"{name}/{index}", "type": each, "data": facts} for index, each in enumerate(types)]
    return {"stream": stream, "version": version, "events": events, "_id": name}


def sound() -> Found:
    """Return the logs of one declaration that went its way without a fault."""
    course = ("declaration_started", "declaration_submitted", "declaration_claimed", "declaration_found_valid")
    return Found(
        registration=[
            commit("declaration-d1", number, each, declaration_id="d1", person_id="p1")
            for number, each in enumerate(course, 1)
        ],
        auth=[commit("account-a1", 1, "account_opened", declaration_id="d1")],
        notifications=[
            commit(f"message-{kind}", number, each, person_id="p1", kind=kind, channel="sms")
            for kind in ("declaration_received", "account_opened")
            for number, each in enumerate(("message_requested", "message_claimed", "message_accepted"), 1)
        ],
    )


@pytest.fixture
def ledger() -> Ledger:
    ledger = Ledger(phones={"d1": PHONE})
    ledger.note("d1", "submit", 2)
    ledger.note("d1", "claim", 3)
    ledger.note("d1", "valid", 4)
    return ledger


async def passes(found: Found, ledger: Ledger, texts: Counter[tuple[str, str]] = TEXTS) -> bool:
    checks: Sequence[Callable[[], Awaitable[None]]] = (
        lambda: every_acknowledged_write_is_in_the_log(found, ledger),
        lambda: every_log_is_dense_and_unique(found),
        lambda: every_valid_declaration_has_one_account(found, ledger),
        lambda: every_fact_was_told_once(found, ledger, texts),
    )
    try:
        for check in checks:
            await check()
    except AssertionError:
        return False
    return True


async def test_a_sound_system_passes(ledger: Ledger) -> None:
    assert await passes(sound(), ledger)


async def test_a_lost_commit_is_noticed(ledger: Ledger) -> None:
    found = sound()
    del found.logs["registration"][-1]
    assert not await passes(found, ledger)


async def test_a_command_carried_out_twice_is_noticed(ledger: Ledger) -> None:
    found = sound()
    again = commit("declaration-d1", 5, "declaration_submitted", declaration_id="d1", person_id="p1")
    found.logs["registration"].append(again)
    assert not await passes(found, ledger)


async def test_a_hole_in_a_stream_is_noticed(ledger: Ledger) -> None:
    found = sound()
    del found.logs["registration"][0]
    assert not await passes(found, ledger)


async def test_a_repeated_commit_id_is_noticed(ledger: Ledger) -> None:
    found = sound()
    found.logs["auth"].append(commit("account-a2", 1, "password_set") | {"_id": "account-a1/1"})
    assert not await passes(found, ledger)


@pytest.mark.parametrize("accounts", [0, 2])
async def test_any_number_of_accounts_but_one_is_noticed(ledger: Ledger, accounts: int) -> None:
    found = sound()
    found.logs["auth"] = [
        commit(f"account-a{number}", 1, "account_opened", declaration_id="d1") for number in range(accounts)
    ]
    assert not await passes(found, ledger)


async def test_an_account_nobody_found_valid_is_noticed(ledger: Ledger) -> None:
    found = sound()
    found.logs["auth"].append(commit("account-a2", 1, "account_opened", declaration_id="d2"))
    assert not await passes(found, ledger)


async def test_a_second_sms_is_noticed(ledger: Ledger) -> None:
    assert not await passes(sound(), ledger, TEXTS + Counter({(PHONE, "valid"): 1}))


async def test_an_sms_that_did_not_arrive_is_noticed(ledger: Ledger) -> None:
    assert not await passes(sound(), ledger, Counter({(PHONE, "valid"): 1}))


async def test_an_sms_whose_fate_nobody_can_tell_may_have_arrived_or_not(ledger: Ledger) -> None:
    found = sound()
    last = found.logs["notifications"][-1]["events"][0]
    last["type"], last["data"] = "message_outcome_unknown", last["data"] | {"look_up_at": None}
    assert await passes(found, ledger)
    assert await passes(found, ledger, Counter({(PHONE, "received"): 1}))
