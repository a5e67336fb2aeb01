"""Words that stand for codes, and how moments are written. Labels are those of the declaration's screens."""

from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from typing import Final

from notifications.domain.content import FormLine, Language, LateMonths, Reason

VIETNAM_TIME: Final = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")  # no daylight saving since 1975

_FIELD_LABELS: Final[dict[str, dict[Language, str]]] = {
    "social_insurance_number": {"vi": "Mã số BHXH", "en": "Social-insurance number"},
    "full_name": {"vi": "Họ và tên", "en": "Full name"},
    "identity": {"vi": "Số CCCD/Hộ Chiếu/CMND", "en": "Number of citizen card, passport or ID card"},
    "address": {"vi": "Địa chỉ liên hệ", "en": "Contact address"},
    "contact_person": {"vi": "Người liên hệ", "en": "Contact person"},
    "phone": {"vi": "Số điện thoại", "en": "Phone number"},
    "email": {"vi": "Địa chỉ thư điện tử", "en": "E-mail address"},
    "certificate": {"vi": "Số chứng thư số", "en": "Digital certificate"},
    "transaction_channel": {"vi": "Đăng ký giao dịch tại", "en": "Transact at"},
    "agency_code": {"vi": "Cơ quan BHXH tiếp nhận", "en": "Receiving agency"},
    "paper_delivery": {"vi": "Hình thức nộp hồ sơ", "en": "Way of handing over papers"},
    "portrait": {"vi": "Ảnh chân dung", "en": "Portrait photo"},
    "identity_front": {"vi": "Ảnh mặt trước giấy tờ", "en": "Photo of the paper's front"},
    "identity_back": {"vi": "Ảnh mặt sau giấy tờ", "en": "Photo of the paper's back"},
}
_OTHER_FIELD: Final[dict[Language, str]] = {"vi": "Mục khác", "en": "Another entry"}

_DEVICES: Final[dict[str, dict[Language, str]]] = {
    "phone": {"vi": "một điện thoại", "en": "a phone"},
    "tablet": {"vi": "một máy tính bảng", "en": "a tablet"},
    "desktop": {"vi": "một máy tính", "en": "a computer"},
    "unknown": {"vi": "một thiết bị khác", "en": "another device"},
}

_INSURANCES: Final[dict[str, dict[Language, str]]] = {
    "social": {"vi": "BHXH", "en": "Social insurance"},
    "unemployment": {"vi": "BHTN", "en": "Unemployment insurance"},
    "accident": {"vi": "BHTNLĐ-BNN", "en": "Occupational accident and disease insurance"},
    "health": {"vi": "BHYT", "en": "Health insurance"},
}


def field_label(field: str, language: Language) -> str:
    """Return the field's label; a part of a field (`address.ward`) has the label of the whole."""
    return _FIELD_LABELS.get(field.partition(".")[0], _OTHER_FIELD)[language]


_CONTACTS: Final[dict[str, dict[Language, str]]] = {
    "phone": {"vi": "số điện thoại", "en": "phone number"},
    "email": {"vi": "địa chỉ thư điện tử", "en": "e-mail address"},
    "second_phone": {"vi": "số điện thoại thứ hai", "en": "second phone number"},
}


def contact(slot: str, language: Language) -> str:
    return _CONTACTS[slot][language]


def device(kind: str, language: Language) -> str:
    return _DEVICES.get(kind, _DEVICES["unknown"])[language]


def moment(value: datetime, language: Language) -> str:
    """Return `17:00 ngày 05/03/2026` or `17:00 on 5 March 2026`, in Vietnam's time."""
    local = value.astimezone(VIETNAM_TIME)
    if language == "vi":
        return f"{local:%H:%M} ngày {local:%d/%m/%Y}"
    return f"{local:%H:%M} on {local.day} {local:%B %Y}"


def short_moment(value: datetime, language: Language) -> str:
    """As `moment`, for a message where every character counts."""
    local = value.astimezone(VIETNAM_TIME)
    return f"{local:%H:%M %d/%m/%Y}" if language == "vi" else f"{local:%H:%M} {local.day} {local:%b %Y}"


def reason_lines(reasons: Iterable[Reason], language: Language) -> list[tuple[str, str]]:
    return [(field_label(reason.field, language), reason.text) for reason in reasons]


def copied_lines(form: Iterable[FormLine], language: Language) -> list[tuple[str, str]]:
    return [(field_label(line.field, language), line.value) for line in form]


def late_lines(lines: Iterable[LateMonths], language: Language) -> list[tuple[str, str]]:
    """Return per line the insurance with its employer, and the months: `BHXH, Công ty A` and `03/2021 – 05/2021`."""
    return [(f"{_INSURANCES[line.insurance][language]}, {line.employer}", _months(line)) for line in lines]


def month(iso: str) -> str:
    """Return `03/2021` for `2021-03`."""
    year, _, number = iso.partition("-")
    return f"{number}/{year}"


def _months(line: LateMonths) -> str:
    first, last = month(line.from_month), month(line.to_month)
    return first if first == last else f"{first} – {last}"
