"""A participant merged while a file is running: whatever dies, and whenever, every row stands once in one record."""

import pytest
from ansinh_kit.decider import load
from ansinh_kit.event_store.memory import InMemoryCommitLog
from ansinh_kit.testing.clock import FixedClock
from records.domain.contributions.decide import contributions_decider
from records.domain.imports.decide import Import
from records.handlers.contribution_merging import MergeableContributions
from records.handlers.merging import Merge

from tests.records.imports.desk import NOW, Desk, file_of, insured, number, rows_of
from tests.records.imports.dying_log import DyingLog, KilledError

SURVIVOR, DUPLICATE = insured(2).participant_id, insured(1).participant_id
MERGE = Merge(merge_id="m" * 32, into=SURVIVOR, duplicate_id=DUPLICATE)
# Both people in one chunk, in the next ones each alone; two rows say the same of both numbers.
CONTENT = file_of(
    *rows_of(1, 2, employer_code="TA0001Z"),
    *rows_of(1, employer_code="TB0002Z"),
    *rows_of(2, employer_code="TC0003Z"),
    *rows_of(1, 1, 3, employer_code="TD0004Z"),
    *rows_of(2, employer_code="TE0005Z"),
    *rows_of(1, 3, employer_code="TF0006Z"),
    *rows_of(4, value="-1"),
)
EMPLOYERS = ["TA0001Z", "TB0002Z", "TC0003Z", "TD0004Z", "TE0005Z", "TF0006Z"]
ROWS = 11


class Merged:
    """A desk whose log merges person 1 into person 2 at its `at`-th step, and dies `dies_after` steps later."""

    def __init__(self, at: int, *, dies_after: int | None = None) -> None:
        self.memory = InMemoryCommitLog()
        self.log = DyingLog(self.memory, dies_at=None if dies_after is None else at + dies_after)
        self.log.at_step = self._merge
        self.desk = Desk(log=self.log)
        self._officer = self.successor()
        self._at = at

    def successor(self) -> Desk:
        return Desk(
            log=DyingLog(self.memory), people=self.desk.people, reports=self.desk.reports, keyring=self.desk.keyring
        )

    async def _merge(self, step: int) -> None:
        if step == self._at:
            await MergeableContributions(store=self._officer.store, clock=FixedClock(NOW)).move(MERGE)
            # From here on the duplicate's number leads to the survivor.
            self.desk.people.people["social_insurance_number", number(1)] = insured(2)

    async def holds_every_row_once(self) -> bool:
        loaded = await load(self._officer.store, f"contributions-{SURVIVOR}", contributions_decider)
        return sorted(period.employer_code for period in loaded.state.periods.values()) == EMPLOYERS


async def steps_of_a_whole_import() -> int:
    log = DyingLog(InMemoryCommitLog())
    await Desk(log=log).bring(CONTENT)
    return log.steps


def all_told(done: Import) -> bool:
    return (done.counts.rows, done.counts.refused) == (ROWS, 1)


async def test_a_merge_in_the_middle_of_a_file_is_followed() -> None:
    for at in range(1, await steps_of_a_whole_import() + 1):
        merged = Merged(at)
        _, done = await merged.desk.bring(CONTENT)
        assert all_told(done), at
        assert await merged.holds_every_row_once(), at


@pytest.mark.parametrize("dies_after", range(1, 12))
async def test_a_merge_in_the_middle_of_a_file_that_then_dies_is_followed_by_its_heir(dies_after: int) -> None:
    for at in range(1, await steps_of_a_whole_import() - dies_after + 1):
        merged = Merged(at, dies_after=dies_after)
        with pytest.raises(KilledError):
            await merged.desk.bring(CONTENT)
        _, done = await merged.successor().bring(CONTENT)
        assert all_told(done), at
        assert await merged.holds_every_row_once(), at
