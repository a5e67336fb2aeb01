"""The versions of a row: nothing is lost, and each moment has its one answer."""

from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from ansinh_kit.events import DomainEvent, Metadata, RecordedEvent
from hypothesis import given
from hypothesis import strategies as st
from records.projections.history import Version, revise, standing, written

START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


class Happened(DomainEvent):
    event_type: ClassVar[str] = "happened"


def event(position: int, at: datetime) -> RecordedEvent:
    metadata = Metadata(correlation_id="c")
    return RecordedEvent(Happened(), f"event-{position}", "s", position, position, at, f"commit-{position}", metadata)


def versions_of(*values: dict[str, Any] | None, every: timedelta = timedelta(days=1)) -> list[Version]:
    versions: list[Version] = []
    for index, value in enumerate(values):
        versions = revise(versions, event(index + 1, START + index * every), value)
    return versions


def value_at(versions: list[Version], as_of: datetime | None) -> object:
    found = standing(versions, as_of)
    return None if found is None else found["value"]


def test_a_row_is_what_was_last_recorded_at_the_moment_asked_for() -> None:
    versions = versions_of({"pay": 1}, {"pay": 2})

    assert value_at(versions, START - timedelta(microseconds=1)) is None
    assert value_at(versions, START) == {"pay": 1}
    assert value_at(versions, START + timedelta(hours=23)) == {"pay": 1}
    assert value_at(versions, START + timedelta(days=1)) == {"pay": 2}
    assert value_at(versions, None) == {"pay": 2}


def test_a_version_names_its_moment_and_its_event() -> None:
    assert versions_of({"pay": 1}) == [
        {"since": "2026-03-02T02:00:00.000000Z", "position": 1, "event_id": "event-1", "value": {"pay": 1}}
    ]


def test_what_was_taken_away_can_still_be_read_as_of_earlier() -> None:
    versions = versions_of({"pay": 1}, None)

    assert value_at(versions, None) is None
    assert value_at(versions, START) == {"pay": 1}


def test_the_same_value_again_is_no_new_version() -> None:
    assert len(versions_of({"pay": 1}, {"pay": 1})) == 1
    assert versions_of(None) == []


def test_a_clock_that_went_back_does_not_bring_back_what_was_corrected() -> None:
    versions = versions_of({"pay": 1}, {"pay": 2}, every=timedelta(seconds=-3))

    assert value_at(versions, START) == {"pay": 2}


@given(st.lists(st.none() | st.fixed_dictionaries({"pay": st.integers(1, 3)}), max_size=8), st.integers(-1, 9))
def test_any_moment_answers_with_the_last_value_recorded_by_then(
    values: list[dict[str, Any] | None], asked: int
) -> None:
    known = [None, *values[: asked + 1]]
    assert value_at(versions_of(*values), START + timedelta(days=asked)) == known[-1]


@given(st.datetimes(timezones=st.just(UTC)), st.datetimes(timezones=st.just(UTC)))
def test_written_moments_compare_like_moments(one: datetime, other: datetime) -> None:
    assert (written(one) < written(other)) == (one < other)


def test_a_moment_is_written_in_utc() -> None:
    assert written(datetime.fromisoformat("2026-03-02T09:00:00+07:00")) == "2026-03-02T02:00:00.000000Z"
