"""The process that prints: what it shows, what it costs at most, and what it never runs."""

import asyncio
import io
import json
import unicodedata
from typing import Any

import pytest
import typst
import zxingcpp
from ansinh_kit.errors import UnavailableError
from PIL import Image
from pypdf import PdfReader
from records.storage.exports.paper import paper_of
from records.storage.exports.press import Press, PressFailedError, PressLimits
from records.storage.exports.press_process import _TEMPLATE, print_paper

from tests.records.taken_along import text_of
from tests.records.unit.exports.sheets import STAMP, sheet

PATIENT = PressLimits(wall_seconds=60, cpu_seconds=60)


def paper(*cells: str, **of: Any) -> dict[str, Any]:  # noqa: ANN401  # as `sheet` takes
    return paper_of(sheet(*cells, **of), STAMP)


@pytest.mark.req("V-31")
@pytest.mark.parametrize(
    "hostile",
    [
        '#read("/etc/passwd")',
        '#import "@preview/x:1.0.0": *',
        "*đậm* _nghiêng_ `mã` $x^2$ = Tiêu đề",
        "]#panic()[",
        "\\u{41} \\ // chú thích /* x */ <nhãn> @nhãn",
        '"; } ) ] #',
    ],
)
def test_markup_in_a_name_is_shown_and_not_run(hostile: str) -> None:
    assert hostile in text_of(print_paper(paper(hostile, fact=hostile)))


@pytest.mark.req("V-31")
def test_every_vietnamese_letter_is_printed_as_it_is() -> None:
    marks = [
        letter + mark for letter in "AĂÂEÊIOÔƠUƯY" for mark in ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
    ]
    letters = unicodedata.normalize("NFC", " ".join([*marks, "Đ", "₫"]))
    text = text_of(print_paper(paper(letters, letters.lower())))

    assert [letter for letter in f"{letters} {letters.lower()}".split() if letter not in text] == []


def test_a_paper_is_made_to_be_kept_and_read_aloud() -> None:
    reader = PdfReader(io.BytesIO(print_paper(paper("Công ty Mẫu"))))

    assert reader.metadata is not None
    assert reader.metadata.title == "Sổ bảo hiểm xã hội"
    assert str(reader.root_object["/Lang"]) == "vi"
    assert "/StructTreeRoot" in reader.root_object
    assert reader.xmp_metadata is not None
    assert b"<pdfaid:part>2</pdfaid:part>" in reader.xmp_metadata.stream.get_data()


def test_an_employer_in_a_script_our_font_lacks_does_not_keep_people_from_their_book() -> None:
    text = text_of(print_paper(paper("株式会社", "Công ty Mẫu")))

    assert "Công ty Mẫu" in text


def test_the_same_paper_gives_the_same_bytes() -> None:
    assert print_paper(paper("Công ty Mẫu")) == print_paper(paper("Công ty Mẫu"))


def test_a_long_list_goes_on_over_pages_under_its_labels_with_the_code_on_each() -> None:
    pages = PdfReader(io.BytesIO(print_paper(paper("01/2020", "Công ty Mẫu", rows=100)))).pages

    assert len(pages) > 1
    for page in pages:
        assert "Cột 0" in page.extract_text()
        assert STAMP.code in page.extract_text()


@pytest.mark.req("V-31")
@pytest.mark.parametrize("dots_per_inch", [100, 150, 300])
def test_a_phone_that_scans_the_paper_is_led_to_the_check_of_its_code(dots_per_inch: int) -> None:
    page = typst.compile(
        _TEMPLATE.read_bytes(),
        format="png",
        ppi=dots_per_inch,
        font_paths=typst.Fonts(include_system_fonts=False),
        sys_inputs={"paper": json.dumps(paper("Công ty Mẫu"))},
    )
    assert isinstance(page, bytes)

    with Image.open(io.BytesIO(page)) as photo:
        (scanned,) = zxingcpp.read_barcodes(photo.convert("L"))

    assert scanned.text == STAMP.check_address


async def test_a_paper_is_printed_in_a_process_of_its_own() -> None:
    assert "Nguyễn Văn Mẫu" in text_of(await Press(PATIENT).print(paper("x")))


async def test_a_paper_that_takes_too_long_is_given_up_and_its_process_is_gone() -> None:
    press = Press(PressLimits(wall_seconds=0.01))

    with pytest.raises(UnavailableError):
        await press.print(paper("x"))
    assert press._under_way == 0


async def test_a_paper_over_its_memory_ends_the_process_and_nothing_else() -> None:
    with pytest.raises(PressFailedError):
        await Press(PressLimits(wall_seconds=60, memory_bytes=1024 * 1024)).print(paper("x"))


async def test_no_more_papers_wait_than_there_is_room_for() -> None:
    press = Press(PressLimits(processes=1, queue=1, wall_seconds=60, cpu_seconds=60))

    done = await asyncio.gather(*(press.print(paper("x")) for _ in range(3)), return_exceptions=True)

    assert [type(each) for each in done].count(UnavailableError) == 1
    assert [type(each) for each in done].count(bytes) == 2
