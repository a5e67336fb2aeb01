"""What became of the messages about declarations: by notifications' log, and by the phones in the sandbox."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import aiohttp

from tests.faults.stored_logs import StoredEvent
from tests.plugins.system import RunningSystem

_FINAL = frozenset({"message_accepted", "message_delivered", "message_failed"})


@dataclass(frozen=True, slots=True)
class Told:
    """One message's course: whom and what it is about, and the last that was heard of it."""

    person_id: str
    kind: str
    channel: str
    last: StoredEvent

    @property
    def settled(self) -> bool:
        """Whether nothing more will be done about it."""
        return self.last.event_type in _FINAL or self.given_up

    @property
    def accepted(self) -> bool:
        return self.last.event_type in {"message_accepted", "message_delivered"}

    @property
    def given_up(self) -> bool:
        """Whether it stays unknown if the carrier has it."""
        return self.last.event_type == "message_outcome_unknown" and self.last.facts["look_up_at"] is None


def notices(events: Iterable[StoredEvent]) -> list[Told]:
    """Return all notices of notifications' log; secrets name no person and are left out."""
    streams: defaultdict[str, list[StoredEvent]] = defaultdict(list)
    for event in events:
        streams[event.stream].append(event)
    return [_told(course) for course in streams.values() if course[0].event_type == "message_requested"]


def _told(course: Sequence[StoredEvent]) -> Told:
    asked = course[0].facts
    return Told(asked["person_id"], asked["kind"], asked["channel"], course[-1])


async def sms_received(system: RunningSystem) -> Counter[tuple[str, str]]:
    """Return how often each text arrived at each phone."""
    async with (
        aiohttp.ClientSession() as http,
        http.get(f"{system.sandbox_url}/api/messages", params={"channel": "sms"}) as response,
    ):
        messages = (await response.json())["messages"]
    return Counter((message["to"], message["text"]) for message in messages)
