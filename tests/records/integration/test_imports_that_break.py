"""Imports whose stored file is gone or damaged, or that meet a fault of ours: they end, say why, can begin again."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from ansinh_kit.mongo import StoredFile
from records.domain.bulk.refusals import Refusal

from tests.records.integration.test_imports_api import Counter
from tests.records.unit.bulk.reading import csv_of, row

CONTENT = csv_of(row())
# Longer than the longest wait between two tries.
LATER = timedelta(minutes=1)


@pytest.fixture
async def counter() -> Counter:
    return await Counter().opened()


async def told(counter: Counter, import_id: str) -> Any:  # noqa: ANN401  # JSON
    return (await counter.get(import_id)).json()


async def sent_again(counter: Counter) -> Any:  # noqa: ANN401  # JSON
    return await counter.brought(CONTENT)


def damage(counter: Counter) -> None:
    files = counter.office.service.import_bucket.files
    for name, stored in files.items():
        files[name] = StoredFile(b"\0" + stored.content[1:], stored.metadata)


def lose_its_metadata(counter: Counter) -> None:
    files = counter.office.service.import_bucket.files
    for name, stored in files.items():
        files[name] = StoredFile(stored.content, {})


def lose(counter: Counter) -> None:
    counter.office.service.import_bucket.files.clear()


@pytest.mark.parametrize(
    ("harm", "rule"),
    [(lose, "stored_file_lost"), (damage, "stored_file_damaged"), (lose_its_metadata, "stored_file_damaged")],
)
async def test_an_import_whose_file_cannot_be_read_ends_says_why_and_can_begin_again(
    counter: Counter, harm: Callable[[Counter], None], rule: str
) -> None:
    import_id = (await counter.send(CONTENT)).json()["import_id"]
    harm(counter)
    await counter.work()
    ended = await told(counter, import_id)
    assert (ended["status"], ended["failure"]["rule"]) == ("failed", rule)
    assert ended["failure"]["way_out"]["vi"].startswith("Gửi lại tệp")
    assert counter.office.service.import_bucket.files == {}
    again = await sent_again(counter)
    assert again["import_id"] != import_id
    assert (again["status"], again["counts"]["recorded"]) == ("completed", 1)


class Broken:
    """A report that breaks in a way nobody foresaw, until it is mended."""

    def __init__(self) -> None:
        self.times = 0

    async def note(self, import_id: str, refusals: Sequence[Refusal]) -> None:
        del import_id, refusals
        self.times += 1
        raise ArithmeticError


@pytest.fixture
def broken(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> Broken:
    broken = Broken()
    monkeypatch.setattr(counter.office.service.import_reports, "note", broken.note)
    return broken


async def test_a_fault_is_tried_again_after_a_while_and_given_up_in_the_end(counter: Counter, broken: Broken) -> None:
    import_id = (await counter.send(CONTENT)).json()["import_id"]
    for tries in range(1, 6):
        await counter.work()
        await counter.work()
        assert broken.times == tries, "not again at once"
        counter.office.service.clock.advance(LATER)
    ended = await told(counter, import_id)
    assert (ended["status"], ended["failure"]["rule"]) == ("failed", "import_broke_off")
    await counter.work()
    assert broken.times == 5


async def test_what_was_given_up_is_sent_in_again_and_records_nothing_twice(
    counter: Counter, broken: Broken, monkeypatch: pytest.MonkeyPatch
) -> None:
    await counter.send(CONTENT)
    for _ in range(5):
        await counter.work()
        counter.office.service.clock.advance(LATER)
    monkeypatch.undo()
    again = await sent_again(counter)
    assert (again["status"], again["counts"]["unchanged"]) == ("completed", 1)
    assert (await counter.office.service.event_types()).count("period_recorded") == 1
    assert broken.times == 5


async def test_an_import_that_recovers_is_told_as_if_nothing_had_been(
    counter: Counter, broken: Broken, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_id = (await counter.send(CONTENT)).json()["import_id"]
    await counter.work()
    monkeypatch.undo()
    counter.office.service.clock.advance(LATER)
    await counter.work()
    ended = await told(counter, import_id)
    assert (ended["status"], ended["failure"], broken.times) == ("completed", None, 1)
