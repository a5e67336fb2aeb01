"""How the refusals of benefits, cards and visits are told."""

from collections.abc import Mapping
from typing import Final

from ansinh_kit.errors import DomainError
from ansinh_kit.http.bilingual import Bilingual
from ansinh_kit.http.problems import Answer

from records.api.errors import gone, refused
from records.domain.cards.decide import CardAlreadyWithdrawnError
from records.domain.feeding.errors import RowContradictsError, RowNotFoundError
from records.handlers.card_checks import CardGoneError, CardNotValidError, NoCardError
from records.handlers.card_codes import ExpiredCodeError, ForeignCodeError, ForgedCodeError, PaperCardCodeError


def _unreadable(vi: str, en: str) -> Answer:
    return Answer(422, "Code refused", Bilingual(vi, en))


ROW_ANSWERS: Final[Mapping[type[DomainError], Answer]] = {
    RowNotFoundError: gone("Không tìm thấy bản ghi này.", "There is no such row."),
    RowContradictsError: refused(
        "Dữ liệu này trái với bản ghi khác của người tham gia.",
        "This contradicts another row of the participant, or the kind of this one.",
    ),
    CardAlreadyWithdrawnError: refused(
        "Thẻ đã bị thu hồi từ ngày khác.", "The card was withdrawn from another day on."
    ),
    NoCardError: gone("Chưa có thẻ BHYT.", "There is no health card."),
    CardNotValidError: refused(
        "Thẻ BHYT hiện không có giá trị sử dụng nên không có mã.", "The card is not valid now and so has no code."
    ),
    CardGoneError: gone(
        "Không còn thẻ này. Đề nghị người bệnh mở lại mã trên ứng dụng.",
        "The card is not there any more. Ask the holder to open the code again.",
    ),
    ForeignCodeError: _unreadable(
        "Mã này không phải mã thẻ BHYT của hệ thống.", "This is not a card code of this system."
    ),
    PaperCardCodeError: _unreadable(
        "Đây là mã in trên thẻ giấy, không chứng minh thẻ còn giá trị. Hãy tra cứu theo mã thẻ.",
        "This is the code printed on a paper card and proves nothing. Look the card up by its number.",
    ),
    ForgedCodeError: _unreadable(
        "Mã không do hệ thống cấp hoặc đã bị sửa.", "We did not make this code, or it was changed."
    ),
    ExpiredCodeError: _unreadable(
        "Mã đã hết hạn. Đề nghị người bệnh mở lại mã trên ứng dụng.",
        "The code has expired. Ask the holder to open it again.",
    ),
}
