from datetime import UTC, datetime

from ansinh_kit.database import Document
from ansinh_kit.events import DomainEvent, Metadata, RecordedEvent
from ansinh_kit.projections.folding import Folded, fold_events
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.projections.visits import RoomClosed, RoomOpened, Rooms, VisitorCame


def recorded(event: DomainEvent, position: int) -> RecordedEvent:
    return RecordedEvent(
        event=event,
        event_id=f"event-{position}",
        stream_id="room",
        version=position,
        position=position,
        recorded_at=datetime(2026, 3, 2, tzinfo=UTC),
        commit_id=f"commit-{position}",
        metadata=Metadata(correlation_id="c"),
    )


def opened(room: str) -> RoomOpened:
    return RoomOpened(room=room, keeper_id=f"keeper-of-{room}", keeper_name="Nguyễn Văn Mẫu")


rooms = st.sampled_from(["a", "b", "c"])
histories = st.lists(
    st.one_of(
        rooms.map(opened), rooms.map(lambda room: VisitorCame(room=room)), rooms.map(lambda room: RoomClosed(room=room))
    ),
    max_size=40,
).map(lambda events: [recorded(event, position) for position, event in enumerate(events, start=1)])


def test_a_document_is_the_fold_of_its_events() -> None:
    history = [recorded(opened("a"), 1), recorded(VisitorCame(room="a"), 2), recorded(VisitorCame(room="a"), 3)]

    folded = fold_events(Rooms(), {}, history)

    document = folded["a"].document
    assert document is not None
    assert document["visitors"] == 2
    assert folded["a"].position == 3


@given(histories, st.integers(0, 40), st.integers(0, 40))
def test_replay_from_any_earlier_checkpoint_changes_nothing(
    history: list[RecordedEvent], crash_at: int, checkpoint: int
) -> None:
    at_once = fold_events(Rooms(), {}, history)

    stored = fold_events(Rooms(), {}, history[:crash_at])
    replayed = fold_events(Rooms(), stored, history[min(checkpoint, crash_at) :])

    assert {**stored, **replayed} == at_once


def test_an_older_event_does_not_bring_a_removed_document_back() -> None:
    stored = {"a": Folded(None, 9)}

    assert fold_events(Rooms(), stored, [recorded(opened("a"), 5)]) == {}


def test_events_of_one_commit_are_all_folded_though_they_share_a_position() -> None:
    first = recorded(opened("a"), 1)
    second = recorded(VisitorCame(room="a"), 1)._replace(version=2)

    folded = fold_events(Rooms(), {}, [first, second])

    assert folded["a"].document is not None
    assert folded["a"].document["visitors"] == 1


def test_what_changes_nothing_leaves_no_trace() -> None:
    standing = {"a": Folded({"keeper_id": "k", "keeper_name": "n", "visitors": 1}, 3)}

    assert fold_events(Rooms(), {}, [recorded(VisitorCame(room="a"), 4), recorded(RoomClosed(room="a"), 5)]) == {}
    assert fold_events(Idle(), standing, [recorded(VisitorCame(room="a"), 4)]) == {}


class Idle(Rooms):
    def fold(self, key: str, document: Document | None, event: RecordedEvent) -> Document | None:
        del key, event
        return document
