"""A lock comes while a contact is being changed: the contact is the old one or the new one, and nobody is in (V-11)."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from ansinh_contracts.auth import ContactSlot
from ansinh_kit.testing.asgi_client import HttpAnswer
from auth.handlers.contact_seats import ContactSeats
from auth.handlers.sessions import Sessions

from tests.auth.contacts import MAIL, NEW_PHONE, NEW_PHONE_STORED, Changing
from tests.auth.recovering import OFFICER, PAPERS
from tests.auth.service import PHONE, AuthService, at_once

pytestmark = [pytest.mark.req("V-11"), pytest.mark.sec("SES-12"), pytest.mark.sec("F-35")]

NEW: dict[ContactSlot, tuple[str, str]] = {"phone": (NEW_PHONE, NEW_PHONE_STORED), "email": (MAIL, MAIL)}
SLOTS = tuple(NEW)


async def lock(auth: AuthService) -> HttpAnswer:
    return await auth.post("/v1/staff/accounts/lock", {**PAPERS, "reason": "fraud"}, caller=OFFICER)


async def unlocked(changing: Changing) -> None:
    body = {**PAPERS, "reason": "holder_identified"}
    assert (await changing.auth.post("/v1/staff/accounts/unlock", body, caller=OFFICER)).status == 200
    changing.auth.clock.advance(timedelta(minutes=15))  # the codes before count against the budget
    await changing.log_in()


async def ready(auth: AuthService, slot: ContactSlot) -> tuple[Changing, Callable[[], Awaitable[HttpAnswer]]]:
    """Return a session that has both codes, and what shows them."""
    changing = await Changing.begin(auth)
    typed, stored = NEW[slot]
    change_id = await changing.started(typed, slot)
    new, present = await changing.code_to(stored), await changing.code_to(PHONE)
    return changing, lambda: changing.confirm(change_id, new, present)


async def is_whole(changing: Changing, slot: ContactSlot) -> bool:
    """Return whether the contact was changed; it was, with its event and notice, or nothing of it was."""
    changed = [told for told in await changing.told() if told.slot == slot]
    contacts = await changing.contacts()
    assert (contacts.get(slot) == NEW[slot][1]) == bool(changed)
    assert all(told.objection_code for told in changed), "whoever is told can object"
    assert (await changing.auth.verdict(changing.token))["state"] == "expired"
    return bool(changed)


@pytest.mark.parametrize("slot", SLOTS)
async def test_a_lock_before_the_change_stops_it(
    auth: AuthService, slot: ContactSlot, monkeypatch: pytest.MonkeyPatch
) -> None:
    changing, confirm = await ready(auth, slot)
    take = ContactSeats.take

    async def locked_first(seats: ContactSeats, *args: Any, **facts: Any) -> None:  # noqa: ANN401 - passed on
        assert (await lock(auth)).status == 200
        await take(seats, *args, **facts)

    with monkeypatch.context() as patched:
        patched.setattr(ContactSeats, "take", locked_first)
        refused = await confirm()
    assert (refused.status, refused.json()["code"]) == (409, "session_over")
    assert not await is_whole(changing, slot)
    await unlocked(changing)
    typed, stored = NEW[slot]
    await changing.changed(typed, stored, PHONE, slot)


@pytest.mark.parametrize("slot", SLOTS)
async def test_a_lock_after_the_session_stood_for_the_change_finds_it_done(
    auth: AuthService, slot: ContactSlot, monkeypatch: pytest.MonkeyPatch
) -> None:
    changing, confirm = await ready(auth, slot)
    last_look = "check_live" if slot == "email" else "leave"
    stand = getattr(Sessions, last_look)

    async def locked_after(sessions: Sessions, *args: Any, **facts: Any) -> None:  # noqa: ANN401 - passed on
        await stand(sessions, *args, **facts)
        assert (await lock(auth)).status == 200

    with monkeypatch.context() as patched:
        patched.setattr(Sessions, last_look, locked_after)
        assert (await confirm()).status == 200
    assert await is_whole(changing, slot)
    (told,) = [told for told in await changing.told() if told.slot == slot]
    assert (await changing.object_with(told.objection_code)).status == 200, "locked, it is taken back all the same"
    assert (await changing.contacts()).get(slot) == ({"phone": PHONE}).get(slot)


@pytest.mark.parametrize("slot", SLOTS)
async def test_a_lock_at_the_same_moment_comes_before_it_or_after_it(auth: AuthService, slot: ContactSlot) -> None:
    changing, confirm = await ready(auth, slot)
    confirmed, locked = await at_once(confirm(), lock(auth))
    assert locked.status == 200
    assert confirmed.status in (200, 409), confirmed.body
    assert await is_whole(changing, slot) == (confirmed.status == 200)
    assert (await auth.log_in()).status == 401
