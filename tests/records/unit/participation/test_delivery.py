"""Whatever comes twice, late or in other company, the documents are the same (R-4, R-7)."""

import json
from collections.abc import Sequence
from datetime import timedelta
from random import Random

from ansinh_kit.events import Metadata, RecordedEvent, event_id_of
from ansinh_kit.projections.folding import Folded, fold_events
from hypothesis import given
from hypothesis import strategies as st
from records.domain.contributions.commands import FedRow
from records.domain.contributions.decide import contributions_decider
from records.domain.contributions.state import Contributions, Event
from records.projections.participation import Participation, standing_periods

from tests.records.unit.contributions import builders as b
from tests.records.unit.contributions.test_recording import batches


def commits_of(participant_id: str, fed: list[list[FedRow]]) -> list[list[Event]]:
    """Return what one participant's stream records as rows come in, a list per commit; ends with a withdrawal."""
    state, commits = Contributions(), list[Sequence[Event]]()
    for rows in fed:
        events = contributions_decider.decide(b.record(*rows, to=participant_id), state)
        state = contributions_decider.fold(events, state)
        commits.append(events)
    for period_id in sorted(state.periods)[:1]:
        commits.append(contributions_decider.decide(b.withdraw(period_id, of=participant_id), state))
    return [list(commit) for commit in commits if commit]


def logged(commits: Sequence[tuple[str, int, list[Event]]]) -> list[list[RecordedEvent]]:
    """Return commits as a log holds them, at positions from 1; their ids are those of stream and number."""
    return [
        [
            RecordedEvent(
                event=event,
                event_id=event_id_of(f"{stream}/{number}", index),
                stream_id=stream,
                version=number * 100 + index,
                position=position,
                recorded_at=b.AT + timedelta(days=number),
                commit_id=f"{stream}/{number}",
                metadata=Metadata(correlation_id="c"),
            )
            for index, event in enumerate(events)
        ]
        for position, (stream, number, events) in enumerate(commits, start=1)
    ]


def folded(pages: Sequence[Sequence[list[RecordedEvent]]]) -> dict[str, Folded]:
    documents: dict[str, Folded] = {}
    for page in pages:
        documents |= fold_events(Participation(), documents, [event for commit in page for event in commit])
    return documents


def as_bytes(documents: dict[str, Folded]) -> bytes:
    shown = {key: [one.document, one.position] for key, one in sorted(documents.items())}
    return json.dumps(shown, ensure_ascii=False).encode()


def story(fed: list[list[FedRow]]) -> list[tuple[str, int, list[Event]]]:
    return [("anna", number, events) for number, events in enumerate(commits_of(b.ANNA, fed))]


@given(batches, st.lists(st.tuples(st.integers(0, 9), st.integers(1, 4)), max_size=8))
def test_pages_cut_anywhere_and_folded_again_give_the_same_bytes(
    fed: list[list[FedRow]], again: list[tuple[int, int]]
) -> None:
    log = logged(story(fed))
    once = folded([log])
    # A page may be folded again after a crash, with or without what came after it; never is one left out.
    pages = [page for start, length in again for page in (log[: start + length], log[start : start + length])]
    seen = folded([log[:until] for until in range(len(log) + 1)] + pages)

    assert as_bytes(seen) == as_bytes(once)


@given(batches, batches, st.randoms(use_true_random=False))
def test_the_company_a_stream_comes_in_changes_nothing_but_positions(
    annas: list[list[FedRow]], binhs: list[list[FedRow]], random: Random
) -> None:
    anna, binh = story(annas), [("binh", number, one) for number, one in enumerate(commits_of(b.BINH, binhs))]
    mixed = _riffled(anna, binh, random)

    apart, together = folded([logged([*anna, *binh])]), folded([logged(mixed)])

    assert apart.keys() == together.keys()
    for key, one in apart.items():
        assert _without_positions(one) == _without_positions(together[key])


@given(batches, st.integers(-1, 7))
def test_at_any_date_the_rows_shown_are_those_that_stood(fed: list[list[FedRow]], day: int) -> None:
    log, as_of = logged(story(fed)), b.AT + timedelta(days=day)
    known = [event.event for commit in log for event in commit if event.recorded_at <= as_of]
    truth = contributions_decider.fold(known)  # type: ignore[arg-type]  # the log of one stream of contributions

    shown = {
        row.period_id: row.period
        for one in folded([log]).values()
        if one.document is not None
        for row in standing_periods(one.document, as_of)
    }
    assert shown == dict(truth.periods)


def _riffled(
    one: list[tuple[str, int, list[Event]]], other: list[tuple[str, int, list[Event]]], random: Random
) -> list[tuple[str, int, list[Event]]]:
    left, right, mixed = list(one), list(other), list[tuple[str, int, list[Event]]]()
    while left or right:
        mixed.append((left if left and (not right or random.random() < 0.5) else right).pop(0))
    return mixed


def _without_positions(one: Folded) -> object:
    assert one.document is not None
    return {
        period_id: [{**version, "position": None} for version in versions]
        for period_id, versions in one.document["rows"].items()
    }
