"""Files into the log: what is recorded, what is refused, and that the same again changes nothing."""

import gzip
from dataclasses import replace
from datetime import date

import pytest
from ansinh_kit.event_store.commit_log import Commit
from ansinh_kit.event_store.memory import InMemoryCommitLog
from ansinh_kit.event_store.snapshots import SNAPSHOT_EVERY
from ansinh_kit.events import Metadata
from records.domain.bulk.refusals import FileRefusedError
from records.domain.imports.counts import Counts
from records.domain.imports.decide import ImportNotFoundError

from tests.records.imports.desk import OFFICE, Desk, blocks, file_of, insured, number, rows_of
from tests.records.unit.bulk.reading import row


async def test_rows_are_recorded_with_one_commit_per_person_and_chunk() -> None:
    desk = Desk()
    content = file_of(*rows_of(1, 2), *rows_of(1, kind="health"), *rows_of(1, 1, kind="unemployment"))
    import_id, done = await desk.bring(content)
    assert (done.status, done.counts) == ("completed", Counts(recorded=4, unchanged=1))
    commits = [
        (recorded.stream_id[-1], recorded.commit_id)
        for recorded in (await desk.store.read_after(0)).events
        if recorded.stream_id.startswith("contributions-")
    ]
    assert len(set(commits)) == 3
    assert all(
        event.metadata.causation_id == import_id for event in await desk.store.read_stream(f"contributions-{1:032x}")
    )


async def test_the_same_file_again_changes_nothing_and_says_so() -> None:
    desk = Desk()
    content = file_of(*rows_of(1, 2, 3), *rows_of(1, kind="health"))
    await desk.bring(content)
    before = await desk.facts()
    _, again = await desk.bring(content)
    assert again.counts == Counts(unchanged=4)
    assert await desk.facts() == before


async def test_a_packed_file_is_read_like_a_plain_one() -> None:
    plain, packed = Desk(), Desk()
    content = file_of(*rows_of(1, 2, 3))
    await plain.bring(content)
    two_members = gzip.compress(content[:100]) + gzip.compress(content[100:])
    _, done = await packed.bring(two_members)
    assert done.counts == Counts(recorded=3)
    assert await packed.facts() == await plain.facts()


@pytest.mark.parametrize("spoil", [lambda packed: packed[:-5], lambda packed: packed[:40] + b"\0" * 20 + packed[60:]])
async def test_a_packed_file_that_is_damaged_is_refused_before_anything_is_recorded(spoil: object) -> None:
    desk = Desk()
    packed = gzip.compress(file_of(*rows_of(*range(1, 40))))
    assert callable(spoil)
    with pytest.raises(FileRefusedError) as refused:
        await desk.bring(spoil(packed))
    assert refused.value.refusal.rule.name == "damaged_gzip"
    assert await desk.store.last_position() == 0


async def test_a_file_with_a_wrong_header_is_refused_before_anything_is_recorded() -> None:
    desk = Desk()
    with pytest.raises(FileRefusedError):
        await desk.bring(file_of(*rows_of(1)).replace(b"kind", b"sort"))
    assert await desk.store.last_position() == 0


async def test_refused_rows_are_reported_and_keep_no_other_out() -> None:
    desk = Desk()
    desk.people.people["social_insurance_number", number(3)] = insured(3, born=date(2020, 2, 1))
    content = file_of(
        *rows_of(1),
        *rows_of(2, value="-1"),
        *rows_of(3, from_month="01/2020"),
        *rows_of(99),
        *rows_of(1, from_month="05/2020", to_month="06/2020"),
        *rows_of(1, kind="health", to_month="11/2019"),
        *rows_of(4),
    )
    import_id, done = await desk.bring(content)
    assert desk.reports.told(import_id) == [
        (3, "value", "negative"),
        (4, "from_month", "before_birth"),
        (5, "social_insurance_number", "unknown_participant"),
        (6, None, "contradicts"),
        (7, "to_month", "reversed"),
    ]
    assert done.counts == Counts(recorded=2, refused=5)


async def test_a_row_with_several_mistakes_is_one_refused_row() -> None:
    desk = Desk()
    import_id, done = await desk.bring(file_of(*rows_of(1, value="-1", kind="x")))
    assert done.counts == Counts(refused=1)
    assert len(desk.reports.told(import_id)) == 2


async def test_an_agency_feeds_its_own_participants_only() -> None:
    desk = Desk()
    desk.people.people["social_insurance_number", number(2)] = insured(2, agency="07701")
    content = file_of(*rows_of(1, 2))
    import_id, done = await desk.bring(content)
    assert done.counts == Counts(recorded=1, refused=1)
    assert desk.reports.told(import_id) == [(3, "social_insurance_number", "unknown_participant")]
    _, by_operator = await desk.bring(content, replace(OFFICE, agency_code=None))
    assert by_operator.counts == Counts(recorded=1, unchanged=1)


async def test_two_numbers_of_two_people_refuse_the_row() -> None:
    desk = Desk()
    desk.people.people["citizen_number", "066090000018"] = insured(2)
    rows = [row(social_insurance_number=number(one), citizen_number="066090000018") for one in (1, 2)]
    import_id, _ = await desk.bring(file_of(*rows))
    assert desk.reports.told(import_id) == [(2, "social_insurance_number", "numbers_disagree")]


async def test_a_row_sent_as_a_correction_takes_the_place_of_the_one_it_contradicts() -> None:
    desk = Desk()
    await desk.bring(file_of(*rows_of(1)))
    _, done = await desk.bring(file_of(*rows_of(1, value="6000000", action="correct")))
    assert done.counts == Counts(corrected=1)
    ((_, events),) = await desk.facts()
    assert [type(event).__name__ for event in events] == ["PeriodRecorded", "PeriodCorrected"]


async def test_a_refused_row_is_taken_when_the_same_file_comes_again_and_it_is_right_by_then() -> None:
    desk = Desk()
    content = file_of(*rows_of(1, 60))
    await desk.bring(content)
    desk.people.people["social_insurance_number", number(60)] = insured(60)
    _, again = await desk.bring(content)
    assert again.counts == Counts(recorded=1, unchanged=1)


async def test_nothing_is_recorded_of_somebody_who_was_forgotten() -> None:
    desk = Desk()
    await desk.keyring.forget(insured(1).participant_id)
    import_id, done = await desk.bring(file_of(*rows_of(1, 2)))
    assert done.counts == Counts(recorded=1, refused=1)
    assert desk.reports.told(import_id) == [(2, None, "not_taken")]


async def test_an_import_that_was_never_started_is_not_found() -> None:
    with pytest.raises(ImportNotFoundError):
        await Desk().importing.find("0" * 32)


async def test_progress_is_told_chunk_by_chunk() -> None:
    desk, told = Desk(), list[int]()
    content = file_of(*rows_of(*range(1, 12)))
    import_id = await desk.start(content)
    await desk.importing.run(import_id, lambda: blocks(content), progress=lambda state: told.append(state.counts.rows))
    assert told == [3, 7, 11]


async def test_a_file_that_changed_since_it_was_inspected_fails_its_import() -> None:
    desk = Desk()
    import_id = await desk.start(file_of(*rows_of(1)))
    failed = await desk.importing.run(import_id, lambda: blocks(b"another,header\n"))
    assert failed.status == "failed"
    assert failed.failure is not None
    assert failed.failure.rule == "unknown_column"
    assert (await desk.importing.run(import_id, lambda: blocks(file_of(*rows_of(1))))).status == "failed"


async def test_the_log_says_whose_import_a_commit_belongs_to() -> None:
    desk = Desk()
    import_id, _ = await desk.bring(file_of(*rows_of(1)))
    (event,) = await desk.store.read_stream(f"contributions-{1:032x}")
    assert event.metadata == Metadata(correlation_id=import_id, causation_id=import_id, actor="officer-1")


class ReadingLog(InMemoryCommitLog):
    """Notes how many commits of an import's own stream each question brought."""

    def __init__(self) -> None:
        super().__init__()
        self.brought: list[int] = []

    async def read_stream(self, stream_id: str, *, after_version: int = 0) -> list[Commit]:
        commits = await super().read_stream(stream_id, after_version=after_version)
        if stream_id.startswith("import-"):
            self.brought.append(len(commits))
        return commits


async def test_a_long_import_does_not_read_all_its_steps_for_each_step() -> None:
    log = ReadingLog()
    desk = Desk(log=log, chunk_lines=1)
    content = file_of(*rows_of(*[index % 50 + 1 for index in range(150)]))
    _, done = await desk.bring(content)
    assert done.counts.rows == 150
    assert len(log.brought) > 150
    assert max(log.brought) <= 2 * SNAPSHOT_EVERY
