"""The citizen takes the record along as files, and a stranger who is handed one asks whether it is genuine."""

import hashlib

from devtools.story import career
from devtools.story.browser import Answer
from devtools.story.cast import Cast
from devtools.story.report import expect
from devtools.story.waiting import see

_CHECKS = "/records/v1/public/export-checks"
_FILES = 3


async def tell(cast: Cast) -> None:
    cast.report.chapter("9. The record taken along")
    book = await _book(cast)
    await _checked(cast, book)
    await _changed(cast, book)
    await _same_as_the_page(cast)
    await _listed(cast, book)


async def _book(cast: Cast) -> Answer:
    with cast.report.step("the citizen takes the book along as a PDF with a code of its own"):
        book = await cast.second_phone.get(cast.record.own("exports/book.pdf"))
        expect(book.body.startswith(b"%PDF-"), "a PDF")
        expect(book.headers["Content-Disposition"].startswith("attachment;"), "it is downloaded")
        expect(len(cast.saw(book.headers["Export-Code"])) == len("4F7QK-0ZB2M-9XW3R-HT6CD"), "it has its code")
        return book


async def _checked(cast: Cast, book: Answer) -> None:
    with cast.report.step("a bank that is handed it learns that it is genuine, without an account, and no full name"):
        code, sha256 = book.headers["Export-Code"], hashlib.sha256(book.body).hexdigest()
        checked = (await cast.guest.post(_CHECKS, {"code": code, "sha256": sha256})).body
        expect(checked["genuine"] is True, "the file is ours")
        expect(cast.citizen.full_name not in str(checked), "the name is masked")
        scanned = (await cast.guest.get(f"{_CHECKS}/{code}")).body
        expect(scanned["export"]["sha256"] == sha256, "the code on the paper leads to the same")


async def _changed(cast: Cast, book: Answer) -> None:
    with cast.report.step("a file with one byte changed is not genuine, and neither is a made-up code"):
        forged = hashlib.sha256(book.body + b" ").hexdigest()
        checked = await cast.guest.post(_CHECKS, {"code": book.headers["Export-Code"], "sha256": forged})
        expect(checked.body["genuine"] is False, "the file was changed")
        unknown = (await cast.guest.get(f"{_CHECKS}/00000-00000-00000-00000")).body
        expect(unknown == {"genuine": False, "export": None}, "nothing is known of a made-up code")


async def _same_as_the_page(cast: Cast) -> None:
    with cast.report.step("the list as JSON and CSV says what the page says"):
        page = (await cast.second_phone.get(cast.record.own("participation/social"))).body
        file = (await cast.second_phone.get(cast.record.own("exports/participation-social.json"))).body
        listed = file["sections"][1]
        expect(listed["facts"]["total_months"] == page["summary"]["total"]["months"], "the same total")
        expect(len(listed["rows"]) == len(page["rows"]), "the same rows")
        table = (await cast.second_phone.get(cast.record.own("exports/participation-social.csv"))).body
        expect(career.CORRECTED_TEXT in table.decode("utf-8-sig"), f"the total is {career.CORRECTED_TEXT}")


async def _listed(cast: Cast, book: Answer) -> None:
    with cast.report.step("the citizen sees which files were made, newest first, each with its code"):
        listed = await see(
            cast.second_phone,
            cast.record.own("exports"),
            "three files were made",
            lambda answer: len(answer.body["exports"]) == _FILES,
        )
        made = listed.body["exports"]
        expect([each["format"] for each in made] == ["csv", "json", "pdf"], "the newest stands on top")
        expect(made[-1]["code"] == book.headers["Export-Code"], "the book has its code")
