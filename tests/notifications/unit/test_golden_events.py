import json
from pathlib import Path
from typing import Final, get_args

import pytest
from ansinh_kit.testing.golden_events import check_golden_events
from notifications.domain.content import Notice, NoticeKind
from notifications.events import EVENTS, UPCASTERS
from pydantic import TypeAdapter

_GOLDEN: Final = Path(__file__).parent.parent / "golden"


def test_every_event_ever_stored_still_reads() -> None:
    check_golden_events(_GOLDEN, EVENTS, UPCASTERS)


@pytest.mark.parametrize("kind", get_args(NoticeKind))
def test_every_kind_of_notice_ever_stored_still_reads(kind: NoticeKind) -> None:
    """A notice is a part of `message_requested`: a changed one needs a new version of that event."""
    stored = json.loads((_GOLDEN / "notices" / f"{kind}.json").read_text(encoding="utf-8"))
    adapter: TypeAdapter[Notice] = TypeAdapter(Notice)
    assert adapter.dump_python(adapter.validate_python(stored), mode="json", exclude_unset=True) == stored
