import json
from pathlib import Path

import pytest
from ansinh_kit.event_store.upcasting import Upcaster, Upcasters
from ansinh_kit.events import EventDefinitionError, EventRegistry
from ansinh_kit.testing.golden_events import check_golden_events

from tests.kit.event_store.rooms import REGISTRY, UPCASTERS, RoomOpened, RoomPainted

GOLDEN = Path(__file__).parent / "golden"
PAINTED = EventRegistry.of([RoomPainted])
CHAIN = [Upcaster("room_painted", 1), Upcaster("room_painted", 2)]


def test_a_gap_in_a_chain_is_refused() -> None:
    with pytest.raises(EventDefinitionError, match="no upcaster for room_painted version 1"):
        Upcasters.of(CHAIN[1:], PAINTED)


def test_two_ways_on_are_refused() -> None:
    with pytest.raises(EventDefinitionError, match="two upcasters for room_painted version 2"):
        Upcasters.of([*CHAIN, CHAIN[1]], PAINTED)


@pytest.mark.parametrize("stray", [Upcaster("room_painted", 3), Upcaster("room_sold", 1)])
def test_an_upcaster_nobody_needs_is_refused(stray: Upcaster) -> None:
    with pytest.raises(EventDefinitionError, match="nobody needs"):
        Upcasters.of([*CHAIN, stray], PAINTED)


def test_every_version_ever_stored_has_a_sample_that_still_reads() -> None:
    check_golden_events(GOLDEN, REGISTRY, UPCASTERS)


class RoomOpenedAnew(RoomOpened):
    floor: int = 0


def test_a_new_field_without_a_new_version_shows_in_the_sample() -> None:
    registry = EventRegistry({**REGISTRY.by_type, "room_opened": RoomOpenedAnew})
    with pytest.raises(AssertionError, match=r"room_opened\.1\.json is no longer what is written"):
        check_golden_events(GOLDEN, registry, UPCASTERS)


def test_a_version_without_a_sample_is_missed(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="no sample of room_opened version 1"):
        check_golden_events(tmp_path, REGISTRY, UPCASTERS)


def test_a_sample_of_no_event_is_missed_too(tmp_path: Path) -> None:
    (tmp_path / "room_opened.1.json").write_text(json.dumps({"clear": {"room_id": "r"}}), encoding="utf-8")
    (tmp_path / "room_sold.1.json").write_text("{}", encoding="utf-8")
    with pytest.raises(AssertionError, match=r"room_sold\.1\.json"):
        check_golden_events(tmp_path, EventRegistry.of([RoomOpened]), Upcasters())
