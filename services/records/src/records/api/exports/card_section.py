"""The health card on a sheet: what stands on it with its state that day, and the cards before and after it."""

from collections.abc import Mapping
from typing import Final

from records.api.card_routes import NO_CARD, CardAnswer, CardPage
from records.api.exports.cells import day
from records.domain.cards.card import CardState
from records.domain.exports.sheet import Cell, Column, Fact, Section, joined, plain
from records.domain.exports.what import TITLES
from records.domain.language import Text
from records.domain.participant.details import Sex

_NUMBER: Final = Text("Mã thẻ", "Card number")
_STATE: Final = Text("Tình trạng", "Status")
_FACILITY: Final = Text("Nơi đăng ký KCB ban đầu", "First facility")
_FROM: Final = Text("Giá trị từ ngày", "Valid from")
_TO: Final = Text("Đến ngày", "Valid to")
_STATES: Final[Mapping[CardState, Text]] = {
    "valid": Text("Còn giá trị sử dụng", "Valid"),
    "not_yet_valid": Text("CHƯA CÓ GIÁ TRỊ SỬ DỤNG", "NOT YET VALID"),
    "expired": Text("HẾT HẠN SỬ DỤNG", "EXPIRED"),
    "withdrawn": Text("ĐÃ THU HỒI", "WITHDRAWN"),
}
_SEXES: Final[Mapping[Sex, Text]] = {"male": Text("Nam", "Male"), "female": Text("Nữ", "Female")}
_COLUMNS: Final = (
    Column("card_number", _NUMBER, 4),
    Column("valid_from", _FROM, 3),
    Column("valid_to", _TO, 3),
    Column("facility", _FACILITY, 6),
    Column("state", _STATE, 4),
)


def card_sections(page: CardPage) -> tuple[Section, ...]:
    """Return the card to show and, if there are any, the others; the first thing it says is whether it is valid."""
    if page.card is None:
        return (Section(key="card", title=TITLES["card"], nothing_yet=Text(NO_CARD.vi, NO_CARD.en)),)
    shown = Section(key="card", title=TITLES["card"], facts=_facts(page.card))
    if not page.others:
        return (shown,)
    others = Section(
        key="other-cards",
        title=Text("Các thẻ khác", "Other cards"),
        columns=_COLUMNS,
        rows=tuple(_row(card) for card in page.others),
    )
    return (shown, others)


def _facts(card: CardAnswer) -> tuple[Fact, ...]:
    return (
        Fact("state", _STATE, Cell(card.state, _STATES[card.state])),
        Fact("card_number", _NUMBER, plain(card.card_number)),
        Fact("full_name", Text("Họ và tên", "Full name"), plain(card.full_name)),
        Fact("birth_date", Text("Ngày sinh", "Birth date"), _born(card)),
        Fact("sex", Text("Giới tính", "Sex"), Cell(card.sex, _SEXES[card.sex])),
        Fact("facility", _FACILITY, _facility(card)),
        Fact("valid_from", _FROM, day(card.valid_from)),
        Fact("valid_to", _TO, day(card.valid_to)),
        Fact(
            "five_year_date",
            Text("Thời điểm đủ 5 năm liên tục", "Five consecutive years since"),
            day(card.five_year_date),
        ),
        Fact("benefit_percent", Text("Mức hưởng", "Benefit level"), _percent(card.benefit_percent)),
    )


def _row(card: CardAnswer) -> tuple[Cell, ...]:
    return (
        plain(card.card_number),
        day(card.valid_from),
        day(card.valid_to),
        _facility(card),
        Cell(card.state, _STATES[card.state]),
    )


def _born(card: CardAnswer) -> Cell:
    return Cell(card.birth_year, str(card.birth_year)) if card.birth_date is None else day(card.birth_date)


def _facility(card: CardAnswer) -> Cell:
    return joined((card.facility_name, card.facility_code))


def _percent(percent: int) -> Cell:
    return Cell(percent, f"{percent}%")
