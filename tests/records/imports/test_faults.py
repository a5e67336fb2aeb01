"""Imports that die, meet each other, or meet an officer at work: one truth, nothing lost, nothing doubled."""

import asyncio

import pytest
from ansinh_kit.decider import handle
from ansinh_kit.event_store.memory import InMemoryCommitLog
from ansinh_kit.events import Metadata
from records.domain.contributions.commands import CorrectPeriod, RecordPeriods
from records.domain.contributions.decide import contributions_decider
from records.domain.contributions.events import PeriodCorrected, PeriodRecorded
from records.domain.imports.counts import Counts
from records.domain.imports.decide import Import
from records.handlers.importing.chunks import ReadRow
from records.handlers.importing.contributions import ContributionFiles

from tests.records.imports.desk import NOW, Desk, file_of, insured, rows_of
from tests.records.imports.dying_log import DyingLog, KilledError
from tests.records.unit.bulk.reading import read

CONTENT = file_of(
    *rows_of(1, 2, 3),
    *rows_of(1, kind="health"),
    *rows_of(4, value="-1"),
    *rows_of(1, 1, kind="unemployment"),
    *rows_of(2, from_month="05/2020", to_month="06/2020"),
    *rows_of(5, 6, 70),
)


def successor(desk: Desk, log: DyingLog) -> Desk:
    """Return the process that comes after a crash: same log, keys, report and people."""
    return Desk(log=log, people=desk.people, reports=desk.reports, keyring=desk.keyring)


async def undisturbed() -> tuple[Desk, str, Import]:
    desk = Desk()
    return (desk, *(await desk.bring(CONTENT)))


async def steps_of_a_whole_import() -> int:
    log = DyingLog(InMemoryCommitLog())
    await Desk(log=log).bring(CONTENT)
    return log.steps


async def test_an_import_that_died_anywhere_ends_as_if_it_had_not() -> None:
    wanted, import_id, done = await undisturbed()
    for dies_at in range(1, await steps_of_a_whole_import() + 1):
        memory = InMemoryCommitLog()
        dying = Desk(log=DyingLog(memory, dies_at=dies_at))
        with pytest.raises(KilledError):
            await dying.bring(CONTENT)
        heir = successor(dying, DyingLog(memory))
        _, resumed = await heir.bring(CONTENT)
        assert await heir.facts() == await wanted.facts(), dies_at
        if resumed.started is not None and resumed.started.attempt == 1:
            assert resumed.counts == done.counts, dies_at
            assert heir.reports.told(import_id) == wanted.reports.told(import_id), dies_at
        else:
            # It died after its last event, before anybody heard: the file comes again, and stands already.
            assert resumed.counts.recorded == 0, dies_at


async def test_an_import_that_dies_again_and_again_ends_all_the_same() -> None:
    wanted, _, _ = await undisturbed()
    memory, desk = InMemoryCommitLog(), Desk()
    for _ in range(200):
        desk = successor(desk, DyingLog(memory, dies_at=24))
        try:
            await desk.bring(CONTENT)
            break
        except KilledError:
            continue
    heir = successor(desk, DyingLog(memory))
    assert (await heir.bring(CONTENT))[1].status == "completed"
    assert await heir.facts() == await wanted.facts()


async def test_two_processes_run_one_import_as_if_it_were_one() -> None:
    wanted, import_id, done = await undisturbed()
    memory = InMemoryCommitLog()
    one = Desk(log=DyingLog(memory))
    other = successor(one, DyingLog(memory))
    first, second = await asyncio.gather(one.bring(CONTENT), other.bring(CONTENT))
    assert (first[0], first[1].counts) == (second[0], second[1].counts) == (import_id, done.counts)
    assert await one.facts() == await wanted.facts()


@pytest.mark.parametrize("order", range(6))
async def test_the_same_period_from_two_files_at_once_stands_once(order: int) -> None:
    memory = InMemoryCommitLog()
    one = Desk(log=DyingLog(memory))
    other = successor(one, DyingLog(memory))
    shared, mine, yours = rows_of(1, 2, 3), rows_of(4), rows_of(5)
    for _ in range(order):
        await asyncio.sleep(0)
    (_, first), (_, second) = await asyncio.gather(
        one.bring(file_of(*shared, *mine)), other.bring(file_of(*yours, *shared))
    )
    assert first.counts.plus(second.counts) == Counts(recorded=5, unchanged=3)
    assert [len(events) for _, events in await one.facts()] == [1] * 5


async def test_of_two_files_that_contradict_each_other_one_is_told() -> None:
    memory = InMemoryCommitLog()
    one = Desk(log=DyingLog(memory))
    other = successor(one, DyingLog(memory))
    (_, first), (_, second) = await asyncio.gather(
        one.bring(file_of(*rows_of(1, 2, value="1"))), other.bring(file_of(*rows_of(1, 2, value="2")))
    )
    assert first.counts.plus(second.counts) == Counts(recorded=2, refused=2)


async def test_a_correction_while_the_file_is_running_stands_and_nothing_is_lost() -> None:
    for step in range(1, await steps_of_a_whole_import() + 1):
        await _import_with_correction_at(step)


async def _import_with_correction_at(step: int) -> None:
    """An officer corrects person 1 in the middle of an import that names the same person again further down."""
    memory = InMemoryCommitLog()
    log = DyingLog(memory)
    desk = Desk(log=log)
    officer = successor(desk, DyingLog(memory))

    async def correct(now: int) -> None:
        if now == step:
            await _correct(officer, 1, value="7000000")

    log.at_step = correct
    _, done = await desk.bring(CONTENT)
    events = dict(await desk.facts())[f"contributions-{1:032x}"]
    social, others = {}, []
    for event in events:
        assert isinstance(event, PeriodRecorded | PeriodCorrected)
        assert event.detail is not None
        if event.kind == "social":
            social[event.period_id] = str(event.detail.value)
        else:
            others.append(event.kind)
    assert list(social.values()) == ["7000000"], step
    assert sorted(others) == ["health", "unemployment"], step
    assert done.counts.rows == 11, step


async def _correct(desk: Desk, index: int, **changes: str) -> None:
    """Correct the period if it is on record already, else record it so: as an officer at the counter would."""
    person = insured(index).participant_id
    (values,) = read(file_of(*rows_of(index, **changes))).rows
    row = ContributionFiles().check(ReadRow(2, values), insured(index), now=NOW)
    assert not isinstance(row, list)
    stream, metadata = f"contributions-{person}", Metadata(correlation_id="officer")
    standing = await desk.store.read_stream(stream)
    social = [one.event for one in standing if isinstance(one.event, PeriodRecorded) and one.event.kind == "social"]
    if social:
        command = CorrectPeriod(participant_id=person, period_id=social[0].period_id, period=row.period, at=NOW)
        await handle(desk.store, stream, command, contributions_decider, commit_id="fix", metadata=metadata)
        return
    record = RecordPeriods(participant_id=person, rows=[row], at=NOW)
    await handle(desk.store, stream, record, contributions_decider, commit_id="fix", metadata=metadata)
