"""How large an export may be (LIM-25)."""

import pytest
from ansinh_kit.events import Metadata
from records.domain.exports.errors import ExportTooLargeError
from records.domain.exports.what import Format
from records.handlers.context import CommandContext
from records.handlers.exporting import ROWS_MAX, ExportOrder

from tests.records.service import Service
from tests.records.unit.exports.sheets import AT, sheet


def order(export_format: Format) -> ExportOrder:
    return ExportOrder(
        participant_id="a" * 32,
        holder_name="Nguyễn Văn Mẫu",
        what="visits",
        format=export_format,
        language="vi",
        as_of=AT,
    )


def context(service: Service) -> CommandContext:
    return CommandContext(service.ids.new_id(), Metadata(correlation_id="test"))


@pytest.mark.sec("LIM-25")
@pytest.mark.parametrize(("export_format", "rows_max"), [("csv", 10_000), ("json", 10_000), ("pdf", 1_000)])
async def test_one_row_too_many_is_refused_before_anything_is_made(export_format: Format, rows_max: int) -> None:
    service = Service()

    with pytest.raises(ExportTooLargeError) as refused:
        await service.use_cases.exporting.make(order(export_format), sheet("x", rows=rows_max + 1), context(service))

    assert refused.value.facts() == {"format": export_format, "rows_max": rows_max}
    assert await service.event_types() == []


@pytest.mark.sec("LIM-25")
@pytest.mark.parametrize("export_format", ["csv", "json", "pdf"])
async def test_as_many_rows_as_a_file_takes_are_made(export_format: Format) -> None:
    service = Service()
    full = sheet("01/2020", "Công ty Mẫu", rows=ROWS_MAX[export_format])

    made = await service.use_cases.exporting.make(order(export_format), full, context(service))

    assert made.content
    assert await service.event_types() == ["export_made"]
