"""What must hold after every fault, by the ids of the security statements."""

from collections import Counter

from tests.auth.prepared import CORRELATION, UNDECLARED
from tests.faults.draining import waiting_messages
from tests.faults.ledger import Ledger, Step
from tests.faults.messages import notices
from tests.faults.stored_logs import SERVICES, Databases, StoredEvent
from tests.plugins.system import RunningSystem

_EVENT_OF: dict[Step, str] = {
    "form": "form_filled_in",
    "photo": "photo_attached",
    "submit": "declaration_submitted",
    "claim": "declaration_claimed",
    "valid": "declaration_found_valid",
}
# Sent with an Idempotency-Key: however often repeated, one event. A form or a photo may be saved again.
_ONCE: tuple[Step, ...] = ("submit", "claim", "valid")
_SMS = ("declaration_received", "account_opened")


async def every_acknowledged_write_is_in_the_log(stored: Databases, ledger: Ledger) -> None:
    """I1."""
    events = await stored.events("registration")
    at = {(event.stream, event.version): event.event_type for event in events}
    lost = [
        entry
        for entry in ledger.entries
        if at.get((f"declaration-{entry.declaration_id}", entry.version)) != _EVENT_OF[entry.step]
    ]
    assert lost == []
    for step in _ONCE:
        counts = _by_declaration(events, _EVENT_OF[step])
        twice = {each: counts[each] for each in ledger.declarations(step) if counts[each] != 1}
        assert twice == {}, f"acknowledged {step}, found so often"


async def every_log_is_dense_and_unique(stored: Databases) -> None:
    """I2."""
    for service in SERVICES:
        commits = await stored.commits(service)
        next_version: Counter[str] = Counter()
        for commit in commits:
            next_version[commit["stream"]] += 1
            assert commit["version"] == next_version[commit["stream"]], f"{service}: {commit['stream']}"
            next_version[commit["stream"]] += len(commit["events"]) - 1
        commit_ids = Counter(commit["_id"] for commit in commits)
        event_ids = Counter(event.event_id for event in await stored.events(service))
        assert [found for found, count in (commit_ids + event_ids).items() if count > 1] == []


async def every_valid_declaration_has_one_account(stored: Databases, ledger: Ledger) -> None:
    """I5."""
    valid = _by_declaration(await stored.events("registration"), "declaration_found_valid")
    opened = _by_declaration(await stored.events("auth"), "account_opened")
    assert {each: opened[each] for each in ledger.declarations("valid") if opened[each] != 1} == {}
    assert {each for each in opened if not each.startswith(UNDECLARED)} <= valid.keys()


async def every_fact_was_told_once(stored: Databases, ledger: Ledger, texts: Counter[tuple[str, str]]) -> None:
    """I4, and nothing was kept back: one SMS each, unless the carrier's answer was lost and it cannot be asked.

    Args:
        texts: How often each text arrived at each phone.
    """
    persons = await stored.persons(ledger.declarations("valid"))
    phones = {person: ledger.phones[declaration] for person, declaration in persons.items()}
    told = [one for one in notices(await stored.events("notifications")) if one.person_id in phones]
    asked = Counter((one.person_id, one.kind) for one in told if one.channel == "sms")
    assert asked == dict.fromkeys(((person, kind) for person in phones for kind in _SMS), 1)
    assert [one for one in told if not one.accepted and not one.given_up] == []
    unsure = Counter(phones[one.person_id] for one in told if one.channel == "sms" and one.given_up)
    assert {text: count for text, count in texts.items() if count > 1} == {}
    arrived = Counter(to for to, _ in texts)
    for phone in phones.values():
        assert len(_SMS) - unsure[phone] <= arrived[phone] <= len(_SMS), f"{arrived[phone]} SMS"


async def nothing_is_left_behind(system: RunningSystem, stored: Databases) -> None:
    """I9."""
    for service in SERVICES:
        # An account that a test made itself belongs to no declaration, which registration rightly cannot place.
        parked = [one for one in await stored.parked(service) if one["correlation_id"] != CORRELATION]
        assert parked == [], f"{service} parked: {parked}"
    assert waiting_messages(system) == {}


def _by_declaration(events: list[StoredEvent], event_type: str) -> Counter[str]:
    return Counter(event.facts["declaration_id"] for event in events if event.event_type == event_type)
