"""Killed between any two writes: what was decided stands, what follows is finished once, nothing is half (F-09)."""

from datetime import timedelta
from typing import Any

import pytest
from ansinh_kit.errors import UnavailableError
from ansinh_kit.event_store.commit_log import AppendOutcome, NewCommit
from ansinh_kit.event_store.memory import InMemoryCommitLog
from ansinh_kit.events import Metadata
from auth.domain.access.decider import fold
from auth.domain.access.state import Access
from auth.domain.access_events import AccessEvent
from auth.handlers.devices import Device
from auth.handlers.log_in import LogInAttempt
from auth.storage.access_documents import AccessDocuments
from auth.storage.challenges import Challenges

from tests.auth.builders import PASSWORD
from tests.auth.service import NUMBER, AuthService, at_once, citizen_of, declaration_valid

LATER = timedelta(seconds=1)


class KilledError(Exception):
    """The process ended here."""


class KillableLog(InMemoryCommitLog):
    """Ends the process before or after an append, as often as it is told to."""

    before = 0
    after = 0

    async def append(self, commit: NewCommit) -> AppendOutcome:
        if self.before:
            self.before -= 1
            raise KilledError
        outcome = await super().append(commit)
        if self.after:
            self.after -= 1
            raise KilledError
        return outcome


def killable(auth: AuthService) -> KillableLog:
    log = KillableLog(auth.clock)
    log.__dict__.update(auth.log.__dict__)
    auth.store._log = log
    return log


async def swept(auth: AuthService) -> list[str]:
    await auth.use_cases.stored.pending.record_older_than(auth.clock.now() + LATER)
    return await auth.event_types()


async def folded(auth: AuthService, account_id: str) -> Access:
    """Return the state that the events alone give."""
    recorded = [event.event for event in await auth.store.read_stream(f"access-{account_id}")]
    events: list[Any] = recorded
    access_events: list[AccessEvent] = events
    return fold(Access(account_id=account_id, person_id="b" * 32), access_events)


@pytest.mark.sec("F-09")
@pytest.mark.sec("SES-03")
@pytest.mark.parametrize("where", ["before", "after"])
async def test_a_log_in_killed_around_its_event_is_recorded_once(auth: AuthService, where: str) -> None:
    await auth.active_account()
    setattr(killable(auth), where, 1)
    with pytest.raises(KilledError):
        await auth.use_cases.log_ins.citizen(_attempt())
    assert (await swept(auth)).count("session_opened") == 1
    assert await auth.use_cases.stored.pending.record_older_than(auth.clock.now() + LATER) == 0, (
        "nothing is left to be done"
    )
    assert (await auth.log_in()).json()["code"] == "session_exists"


@pytest.mark.sec("F-09")
@pytest.mark.sec("I6")
@pytest.mark.parametrize("where", ["before", "after"])
async def test_a_take_over_killed_around_its_event_is_complete_and_recorded_once(auth: AuthService, where: str) -> None:
    account_id = await auth.active_account()
    first = (await auth.log_in()).json()["token"]
    take_over_id = await auth.second_device()
    code = await auth.ask_for_code(take_over_id)
    setattr(killable(auth), where, 1)
    with pytest.raises(KilledError):
        await auth.use_cases.log_ins.take_overs.confirm(take_over_id, code, metadata=_attempt().metadata)
    assert (await auth.verdict(first))["state"] == "replaced"
    assert (await swept(auth))[-2:] == ["session_revoked", "session_opened"]
    assert len(await swept(auth)) == 5
    assert (await auth.confirm(take_over_id, code)).json()["code"] == "code_refused"
    entry = await auth.use_cases.sessions._access.find(account_id)
    assert entry is not None
    state = await folded(auth, account_id)
    assert (state.epoch, state.version) == (entry.access.epoch, entry.access.version)


async def test_changes_pending_together_are_recorded_in_their_order(auth: AuthService) -> None:
    account_id = await auth.active_account()
    killable(auth).before = 3
    with pytest.raises(KilledError):
        await auth.use_cases.log_ins.citizen(_attempt())
    session = (await auth.use_cases.sessions._access.find(account_id)) or pytest.fail("no document")
    assert session.access.session is not None
    with pytest.raises(KilledError):
        await auth.use_cases.sessions.log_out(account_id, session.access.session.epoch, metadata=_attempt().metadata)
    with pytest.raises(KilledError):
        await auth.use_cases.log_ins.citizen(_attempt())
    assert await swept(auth) == [
        "account_opened",
        "account_activated",
        "session_opened",
        "session_revoked",
        "session_opened",
    ]


async def test_sweeps_side_by_side_record_once(auth: AuthService) -> None:
    await auth.active_account()
    killable(auth).before = 1
    with pytest.raises(KilledError):
        await auth.use_cases.log_ins.citizen(_attempt())
    await at_once(*(auth.use_cases.stored.pending.record_older_than(auth.clock.now() + LATER) for _ in range(10)))
    assert (await auth.event_types()).count("session_opened") == 1


@pytest.mark.sec("SEC-04")
async def test_an_unreachable_log_does_not_fail_a_log_in_that_the_document_has_decided(
    auth: AuthService, monkeypatch: pytest.MonkeyPatch
) -> None:
    await auth.active_account()

    async def unavailable(_commit: NewCommit) -> AppendOutcome:
        raise UnavailableError("mongodb")

    with monkeypatch.context() as patched:
        patched.setattr(auth.log, "append", unavailable)
        session = await auth.log_in()
    assert session.status == 201
    assert (await auth.verdict(session.json()["token"]))["state"] == "valid"
    assert (await swept(auth))[-1] == "session_opened"


@pytest.mark.sec("SEC-04")
@pytest.mark.sec("I7")
async def test_an_activation_killed_after_the_code_was_used_up_leaves_the_account_waiting(
    auth: AuthService, monkeypatch: pytest.MonkeyPatch
) -> None:
    await auth.open_account()
    await _killed_in_activation(auth, monkeypatch)
    assert (await auth.log_in()).status == 401
    auth.clock.advance(timedelta(seconds=60))
    assert (await auth.activate()).status == 200
    assert (await auth.log_in()).status == 201


async def _killed_in_activation(auth: AuthService, monkeypatch: pytest.MonkeyPatch) -> None:
    async def killed(*_args: object, **_kwargs: object) -> Access:
        raise KilledError

    with monkeypatch.context() as patched:
        patched.setattr(AccessDocuments, "change", killed)
        answer = await auth.activate()
    assert answer.status == 500


@pytest.mark.req("S-98")
@pytest.mark.sec("F-02")
@pytest.mark.parametrize(
    ("owner", "step"),
    [(InMemoryCommitLog, "append"), (AccessDocuments, "create"), (Challenges, "open_with_link")],
)
async def test_opening_killed_at_any_step_is_finished_by_the_second_delivery(
    auth: AuthService, monkeypatch: pytest.MonkeyPatch, owner: type, step: str
) -> None:
    async def killed(*_args: object, **_kwargs: object) -> None:
        raise KilledError

    event = declaration_valid(email="hoa@example.vn")
    with monkeypatch.context() as patched:
        patched.setattr(owner, step, killed)
        with pytest.raises(KilledError):
            await auth.hear(event)
    for _ in range(2):
        await auth.hear(event)
    await auth.send_secrets()
    assert [message.channel for message in auth.secrets.messages()] == ["email"]
    assert (await auth.activate()).status == 200
    assert await auth.event_types() == ["account_opened", "account_activated"]


@pytest.mark.sec("OTC-05")
async def test_a_code_made_before_a_kill_still_goes_out_and_only_once(auth: AuthService) -> None:
    await auth.open_account()
    await auth.start_activation()
    reborn = AuthService(auth.database, clock=auth.clock, keyring=auth.keyring)
    assert await reborn.use_cases.stored.outbox.publish_stored() == 1
    assert await reborn.use_cases.stored.outbox.publish_stored() == 0
    reborn.pool.close()


async def test_a_code_that_died_waiting_is_not_sent(auth: AuthService) -> None:
    await auth.open_account()
    await auth.start_activation()
    auth.clock.advance(timedelta(minutes=10))
    assert await auth.use_cases.stored.outbox.publish_stored() == 0
    assert not auth.secrets.published


async def test_the_contact_is_told_of_a_replaced_session_and_of_no_other_end(auth: AuthService) -> None:
    await auth.active_account()
    await auth.log_in()
    take_over_id = await auth.second_device()
    second = await auth.confirm(take_over_id, await auth.ask_for_code(take_over_id))
    await auth.client.request("DELETE", "/v1/sessions/current", caller=citizen_of(second))
    replaced, logged_out = [
        recorded.event.model_dump()
        for recorded in await auth.events()
        if recorded.event.event_type == "session_revoked"
    ]
    assert (replaced["reason"], replaced["full_name"], replaced["phone"]) == (
        "replaced",
        "Nguyễn Thị Hoa",
        "+84912345678",
    )
    assert (logged_out["reason"], logged_out["full_name"], logged_out["phone"]) == ("logged_out", None, None)


def _attempt() -> LogInAttempt:
    return LogInAttempt(
        user_name=NUMBER,
        password=PASSWORD,
        device=Device("phone", "Điện thoại"),
        address="203.0.113.1",
        metadata=Metadata("story"),
    )
