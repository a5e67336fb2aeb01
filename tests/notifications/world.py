"""The service in memory: real handlers, templates and projection; carriers, log and clock in the test's hands."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ansinh_contracts.auth import SecretMessageV1
from ansinh_kit.backoff import Backoff
from ansinh_kit.decider import load
from ansinh_kit.event_store.memory import InMemoryCommitLog
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.events import RecordedEvent
from ansinh_kit.integration_event import IntegrationEvent
from ansinh_kit.messaging.incoming import IncomingEvent
from ansinh_kit.projections.folding import fold_events
from ansinh_kit.testing.clock import CountingIds, FixedClock
from ansinh_kit.testing.plain_codec import PlainCodec
from notifications.domain.content import Priority
from notifications.domain.message import message_decider, stream_of
from notifications.domain.sms_budget import UsedUp
from notifications.domain.state import Message
from notifications.events import EVENTS
from notifications.handlers.attempt import AttemptPolicy, Attempts
from notifications.handlers.carriers import Carriers
from notifications.handlers.notices import NoticeDuties
from notifications.handlers.parcels import ParcelMaker
from notifications.handlers.reactions import Notifier
from notifications.handlers.secrets import SecretSender
from notifications.handlers.unfinished import Unfinished
from notifications.projections.duties import Duties, Duty
from notifications.providers.port import Email, Sms
from notifications.templates.renderer import Renderer, Surroundings

from tests.notifications.builders import NOW
from tests.notifications.providers.memory_carrier import MemoryCarrier

POLICY = AttemptPolicy(
    lease=timedelta(seconds=60),
    send_time=timedelta(seconds=25),
    look_up_after=timedelta(seconds=120),
    retry=Backoff(first_seconds=10.0, longest_seconds=600.0, draw=lambda: 1.0),
)


class Killed(BaseException):
    """The process is gone: nothing after this line runs."""


class OpenBudget:
    """Lets everything through, until told how long to wait."""

    def __init__(self) -> None:
        self.wait_seconds: float | None = None
        self.of_all = False
        self.on_take: Callable[[], None] = lambda: None

    async def take(self, target: str) -> UsedUp | None:
        del target
        self.on_take()
        return None if self.wait_seconds is None else UsedUp(self.wait_seconds, of_all=self.of_all)


@dataclass
class World:
    clock: FixedClock = field(default_factory=lambda: FixedClock(NOW))
    ids: CountingIds = field(default_factory=CountingIds)
    budget: OpenBudget = field(default_factory=OpenBudget)
    unfinished: Unfinished = field(default_factory=Unfinished)

    def __post_init__(self) -> None:
        self.log = InMemoryCommitLog(self.clock)
        self.store = EventStore(self.log, PlainCodec(EVENTS))
        self.sms: MemoryCarrier[Sms] = MemoryCarrier(lambda number: Sms(f"{number:032x}", "", ""))
        self.email: MemoryCarrier[Email] = MemoryCarrier(lambda number: Email(f"{number:032x}", "", None, "", "", ""))
        renderer = Renderer(
            Surroundings(portal_url="https://ansinh.example.vn", support_phone="1900 0000", code_life_minutes=5)
        )
        self.carriers = Carriers(sms=self.sms, email=self.email, budget=self.budget, parcels=ParcelMaker(renderer))
        self.notifier = Notifier(self.store, self.clock, worth_telling_for=timedelta(hours=72))
        self.renderer = renderer

    def attempts(self, worker: str) -> Attempts:
        return Attempts(self.store, self.clock, self.ids, worker=worker, policy=POLICY)

    def duties(self, worker: str = "worker-1") -> NoticeDuties:
        return NoticeDuties(
            self.store,
            self.clock,
            self.attempts(worker),
            self.carriers,
            look_ups=Backoff(first_seconds=60.0, draw=lambda: 1.0),
        )

    def secret_sender(self, worker: str = "worker-1") -> SecretSender:
        return SecretSender(
            store=self.store,
            clock=self.clock,
            attempts=self.attempts(worker),
            carriers=self.carriers,
            renderer=self.renderer,
            unfinished=self.unfinished,
        )

    def pass_seconds(self, seconds: float) -> None:
        self.clock.advance(timedelta(seconds=seconds))

    async def due(self, now: datetime, priority: Priority | None = None, *, limit: int) -> Sequence[Duty]:
        """Fold the whole log with the production projection and return what is due, of one priority or of all."""
        folded = fold_events(Duties(), {}, await self.events()).values()
        listed = [each.document for each in folded if each.document is not None and each.document["duty"] != "nothing"]
        due = [one for one in listed if priority in {None, one["priority"]} and one["due_at"] <= now]
        due.sort(key=lambda one: one["due_at"])
        return [Duty(one["message_id"], one["duty"]) for one in due][:limit]

    async def work(self, worker: str = "worker-1") -> None:
        """Do what is due now, as one worker, until nothing is."""
        duties = self.duties(worker)
        actions = {"send": duties.send, "end_lease": duties.end_lease, "look_up": duties.look_up}
        while due := await self.due(self.clock.now(), limit=100):
            for duty in due:
                await actions[duty.kind](duty.message_id)

    async def events(self) -> tuple[RecordedEvent, ...]:
        return (await self.store.read_after(0, limit=10_000)).events

    async def message(self, message_id: str) -> Message:
        state = (await load(self.store, stream_of(message_id), message_decider)).state
        assert state is not None
        return state

    async def messages(self) -> list[Message]:
        streams = dict.fromkeys(event.stream_id for event in await self.events())
        return [await self.message(stream.removeprefix("message-")) for stream in streams]


def incoming(event: IntegrationEvent, *, event_id: str = "event-1") -> IncomingEvent:
    return IncomingEvent(
        event=event,
        event_id=event_id,
        stream_id="stream-1",
        stream_version=1,
        position=1,
        occurred_at=NOW,
        correlation_id="story-1",
        causation_id=None,
    )


def secret(**changes: object) -> SecretMessageV1:
    values: dict[str, object] = {
        "message_id": "5f0c9d0e5ad74d8ab4b4a6d1f8a2c301",
        "challenge_id": "c0ffee00c0ffee00c0ffee00c0ffee00",
        "purpose": "take_over",
        "channel": "sms",
        "language": "vi",
        "expires_at": NOW + timedelta(minutes=10),
        "target": "+84900000018",
        "secret": "048213",
    }
    return SecretMessageV1.model_validate(values | changes)
