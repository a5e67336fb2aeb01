"""Killed between any two writes of a recovery: nothing is half, and what was decided is recorded once (F-09)."""

from typing import Any

import pytest
from ansinh_kit.mongo import DuplicateKeyError
from auth.handlers.codes import Codes
from auth.storage.access_documents import AccessDocuments
from auth.storage.pending_changes import PendingChanges
from auth.storage.recoveries import RecoveryDocuments

from tests.auth.builders import PASSWORD
from tests.auth.recovering import NEW_PASSWORD, approve, ask, begin, complete, prepare, saved_codes
from tests.auth.service import AuthService, at_once

pytestmark = [pytest.mark.mongo, pytest.mark.sec("F-09"), pytest.mark.sec("SEC-04")]


class KilledError(Exception):
    """The process ended here."""


async def killed(*_args: object, **_kwargs: object) -> Any:  # noqa: ANN401 - stands for any step
    raise KilledError


def recoveries_sent(auth: AuthService) -> int:
    return sum(message.purpose == "recovery" for message in auth.secrets.messages())


@pytest.mark.parametrize(
    ("owner", "step"),
    [(Codes, "open"), (Codes, "send"), (RecoveryDocuments, "note_prepared")],
)
async def test_the_work_behind_a_start_killed_at_any_step_is_done_once(
    auth: AuthService, monkeypatch: pytest.MonkeyPatch, owner: type, step: str
) -> None:
    await auth.active_account()
    await ask(auth)
    with monkeypatch.context() as patched:
        patched.setattr(owner, step, killed)
        with pytest.raises(KilledError):
            await prepare(auth)
    for _ in range(2):
        await prepare(auth)
    assert recoveries_sent(auth) == 1


async def test_two_processes_do_the_work_of_one_start_once(auth: AuthService) -> None:
    await auth.active_account()
    await ask(auth)
    work = auth.use_cases.recovery.prepare
    await at_once(*(work.prepare_waiting() for _ in range(5)))
    await auth.send_secrets()
    assert recoveries_sent(auth) == 1


@pytest.mark.parametrize(
    ("owner", "step", "password"),
    [
        (Codes, "use_up", PASSWORD),
        (AccessDocuments, "change", PASSWORD),
        (PendingChanges, "record_if_possible", NEW_PASSWORD),
    ],
)
async def test_a_completion_killed_at_any_step_sets_the_password_or_leaves_it(
    auth: AuthService, monkeypatch: pytest.MonkeyPatch, owner: type, step: str, password: str
) -> None:
    await auth.active_account()
    codes = await saved_codes(auth, PASSWORD)
    begun = await begin(auth)
    code = await auth.code_sent()
    with monkeypatch.context() as patched:
        patched.setattr(owner, step, killed)
        assert (await complete(auth, begun, code=code, saved_code=codes[0])).status == 500
    await auth.use_cases.stored.pending.record_older_than(auth.clock.now().replace(year=2100))
    assert (await auth.event_types()).count("password_recovered") == (password == NEW_PASSWORD)
    assert (await auth.log_in(password=password)).status == 201


async def test_an_approval_killed_before_the_account_has_it_opens_nothing_and_can_be_given_again(
    auth: AuthService, monkeypatch: pytest.MonkeyPatch
) -> None:
    await auth.active_account()
    begun = await begin(auth)
    code = await auth.code_sent()
    with monkeypatch.context() as patched:
        patched.setattr(AccessDocuments, "change", killed)
        assert (await approve(auth, begun)).status == 500
    assert (await complete(auth, begun, code=code)).json()["code"] == "recovery_refused"
    assert (await approve(auth, begun)).status == 201
    assert (await complete(auth, begun, code=code)).status == 200


async def test_a_reference_that_is_taken_is_never_given_twice(
    auth: AuthService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("auth.handlers.recovery_started.new_reference", lambda _below: "K7QF29TM")
    await ask(auth)
    with pytest.raises(DuplicateKeyError):
        await auth.use_cases.recovery.documents.open((await auth.use_cases.recovery.documents.waiting(limit=1))[0])
