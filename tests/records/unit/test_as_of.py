from datetime import UTC, datetime

import pytest
from ansinh_kit.errors import InvalidFieldsError
from records.api.as_of import parse_as_of


def test_a_day_means_its_last_moment_in_viet_nam() -> None:
    end = parse_as_of("2026-03-01")
    assert datetime(2026, 3, 1, 16, 59, 59, tzinfo=UTC) < end < datetime(2026, 3, 1, 17, 0, tzinfo=UTC)


def test_an_instant_is_taken_with_its_offset() -> None:
    assert parse_as_of("2026-03-01T10:00:00+07:00") == datetime(2026, 3, 1, 3, 0, tzinfo=UTC)
    assert parse_as_of("2026-03-01T03:00:00Z") == datetime(2026, 3, 1, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "31/02/2026",
        "2026-02-31",
        "2026-03-01T10:00:00",
        "2026-13-01",
        "now",
        "٢٠٢٦-٠٣-٠١",
        "0001-01-01T00:00:00+07:00",
        "9999-12-31T20:00:00Z",
    ],
)
def test_anything_else_is_refused_as_a_field(raw: str) -> None:
    with pytest.raises(InvalidFieldsError) as refused:
        parse_as_of(raw)
    assert [(violation.field, violation.rule) for violation in refused.value.violations] == [("as_of", "date_time")]
