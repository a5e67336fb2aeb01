"""The personal page on a sheet, under the labels of S-24."""

from typing import Final

from records.api.person_routes import PersonalPage
from records.domain.birth_date import BirthDate
from records.domain.exports.sheet import Cell, Fact, Section, joined, plain
from records.domain.language import Text
from records.domain.papers import IdentityPaper, PaperKind
from records.domain.phone import national

_TITLE: Final = Text("Quản lý cá nhân", "Personal management")
_PAPERS: Final[dict[PaperKind, str]] = {"citizen_id": "CCCD", "legacy_id": "CMND", "passport": "Hộ chiếu"}


def whole_person(page: PersonalPage) -> Section:
    """Return everything S-24 names."""
    return _section(
        *_holder(page),
        Fact(
            "papers",
            Text("CMND/CCCD/Hộ chiếu", "ID card/Citizen card/Passport"),
            joined(_paper(paper) for paper in page.papers),
        ),
        Fact("phone", Text("Số điện thoại", "Phone"), _phone(page.phone)),
        Fact("email", Text("Địa chỉ thư điện tử", "E-mail"), plain(page.email)),
        Fact("address", Text("Địa chỉ", "Address"), plain(page.address)),
    )


def holder(page: PersonalPage) -> Section:
    """Return whose list it is: no more of the person than that takes."""
    return _section(*_holder(page))


def _section(*facts: Fact) -> Section:
    return Section(key="person", title=_TITLE, facts=facts)


def _holder(page: PersonalPage) -> tuple[Fact, ...]:
    return (
        Fact(
            "social_insurance_number",
            Text("Mã số BHXH", "Social-insurance number"),
            plain(page.social_insurance_number),
        ),
        Fact("full_name", Text("Họ và tên", "Full name"), plain(page.full_name)),
        Fact("birth_date", Text("Ngày sinh", "Birth date"), _born(page.birth_date)),
    )


def _born(birth_date: BirthDate | None) -> Cell:
    if birth_date is None:
        return plain(None)
    day = birth_date.day
    return Cell(birth_date.root, birth_date.root if day is None else day.strftime("%d/%m/%Y"))


def _paper(paper: IdentityPaper) -> str:
    return f"{_PAPERS[paper.kind]} {paper.number}"


def _phone(phone: str | None) -> Cell:
    return plain(None) if phone is None else Cell(phone, national(phone))
