"""Single values of a row: days, amounts, counts, codes and lines of text, each with its named rule."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Annotated, Final

from pydantic import StringConstraints

from records.domain.codes import matching
from records.domain.language import Text
from records.domain.month import Month, NotAMonthError
from records.domain.rules import Rule, RuleBrokenError
from records.domain.text import plain_line

# Rules work on bounded text only: no cell is longer than this when its rule is asked.
Cell = Annotated[str, StringConstraints(max_length=1_000)]

VIET_NAM: Final = timezone(timedelta(hours=7))  # no daylight saving since 1975

_DAY: Final = re.compile(
    r"(?P<y>[0-9]{4})-(?P<m>[0-9]{2})-(?P<d>[0-9]{2})|(?P<d2>[0-9]{1,2})/(?P<m2>[0-9]{1,2})/(?P<y2>[0-9]{4})"
)
_MOMENT: Final = re.compile(r"(?P<day>[0-9/-]{8,10})(?:[T ](?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}))?")
_AMOUNT: Final = re.compile(r"[0-9]{1,13}(?:\.[0-9]{1,2})?")  # decimal(15,2), as Decision 4750 keeps costs
_COUNT: Final = re.compile(r"[0-9]{1,4}")
_DECISION: Final = re.compile(r"[0-9A-ZĐ][0-9A-ZĐ./-]{0,49}")
_YEARS: Final = range(1900, 2200)
_TEXT_MAX_CHARACTERS: Final = 1_000

DAY: Final = Rule(
    "day",
    Text("Ngày không có trong lịch hoặc sai dạng.", "There is no such day, or it is written in another form."),
    Text("Ghi ngày/tháng/năm, ví dụ 31/01/2024, hoặc 2024-01-31.", "Write 31/01/2024 or 2024-01-31."),
)
MOMENT: Final = Rule(
    "moment",
    Text("Ngày giờ không có trong lịch hoặc sai dạng.", "There is no such moment, or it is written in another form."),
    Text("Ghi ngày và giờ, ví dụ 31/01/2024 07:30.", "Write day and time, such as 31/01/2024 07:30."),
)
AMOUNT: Final = Rule(
    "amount",
    Text(
        "Số tiền phải là số không âm, tối đa 13 chữ số và 2 số lẻ sau dấu chấm.",
        "An amount is a number of at most 13 digits, with at most 2 after a dot, and not negative.",
    ),
    Text("Ghi chỉ chữ số, ví dụ 5000000 hoặc 5000000.00.", "Write digits only, such as 5000000 or 5000000.00."),
)
COUNT: Final = Rule(
    "count",
    Text("Phải là số nguyên không âm, tối đa 4 chữ số.", "This must be a whole number of at most 4 digits."),
    Text("Ghi chỉ chữ số, ví dụ 36.", "Write digits only, such as 36."),
)
RATE: Final = Rule(
    "rate_percent",
    Text("Tỷ lệ phải từ 0 đến 100, tối đa 2 số lẻ.", "A rate is 0 to 100, with at most 2 decimals."),
    Text("Ghi số phần trăm không kèm dấu %, ví dụ 75.", "Write the percentage without its sign, such as 75."),
)
FACILITY_CODE: Final = Rule(
    "facility_code",
    Text(
        "Mã cơ sở khám chữa bệnh phải gồm 2 chữ số và 3 chữ số hoặc chữ cái.",
        "The code of a facility must have 2 digits and 3 digits or letters.",
    ),
    Text("Ghi mã như trên thẻ BHYT, ví dụ 66001.", "Write it as on the health card, such as 66001."),
)
DECISION_NUMBER: Final = Rule(
    "decision_number",
    Text("Số quyết định chỉ gồm chữ số, chữ cái, / . và -.", "A decision number has digits, letters, / . and - only."),
    Text("Ghi số như trên quyết định, tối đa 50 ký tự.", "Write it as on the decision, at most 50 characters."),
)
FROM_AFTER_TO: Final = Rule(
    "from_after_to",
    Text("Ngày bắt đầu ở sau ngày kết thúc.", "It begins after it ends."),
    Text("Kiểm tra lại hai ngày.", "Check both days."),
)
IN_THE_FUTURE: Final = Rule(
    "day_in_the_future",
    Text("Ngày này còn ở tương lai.", "This day is still to come."),
    Text("Kiểm tra lại ngày, hoặc gửi khi việc đã xảy ra.", "Check the day, or send it when it has happened."),
)
MONTH: Final = Rule(
    "month",
    Text("Tháng phải ghi dạng MM/yyyy.", "A month is written MM/yyyy."),
    Text("Ví dụ 03/2021.", "Such as 03/2021."),
)


def day(raw: str) -> date:
    """Return the day of `yyyy-MM-dd` or `dd/MM/yyyy`."""
    found = _DAY.fullmatch(raw.strip())
    if found is None:
        raise RuleBrokenError(DAY)
    parts = found.groupdict()
    year, month, number = (int(parts[name] or parts[f"{name}2"]) for name in ("y", "m", "d"))
    if year not in _YEARS:
        raise RuleBrokenError(DAY)
    try:
        return date(year, month, number)
    except ValueError as error:
        raise RuleBrokenError(DAY) from error


def moment(raw: str) -> datetime:
    """Return the moment of `dd/MM/yyyy HH:mm` or `yyyy-MM-ddTHH:mm`, as read in Viet Nam; without a time, midnight."""
    found = _MOMENT.fullmatch(raw.strip())
    if found is None:
        raise RuleBrokenError(MOMENT)
    try:
        clock = time(int(found["hour"] or 0), int(found["minute"] or 0), tzinfo=VIET_NAM)
        return datetime.combine(day(found["day"]), clock)
    except (ValueError, RuleBrokenError) as error:
        raise RuleBrokenError(MOMENT) from error


def month(raw: str) -> Month:
    """Return the month of `MM/yyyy`."""
    try:
        return Month.parse(raw.strip())
    except NotAMonthError as error:
        raise RuleBrokenError(MONTH) from error


def amount(raw: str) -> Decimal:
    """Return the amount with two decimals; text such as `5,000` or `1e6` is refused, never guessed at."""
    text = raw.strip()
    if not _AMOUNT.fullmatch(text):
        raise RuleBrokenError(AMOUNT)
    return Decimal(text).quantize(Decimal("0.01"))


def count(raw: str) -> int:
    text = raw.strip()
    if not _COUNT.fullmatch(text):
        raise RuleBrokenError(COUNT)
    return int(text)


def rate_percent(raw: str) -> Decimal:
    try:
        rate = amount(raw)
    except RuleBrokenError as broken:
        raise RuleBrokenError(RATE) from broken
    if rate > 100:  # noqa: PLR2004 - per cent
        raise RuleBrokenError(RATE)
    return rate


def facility_code(raw: str) -> str:
    return matching(raw, r"[0-9]{2}[0-9A-Z]{3}", FACILITY_CODE)


def decision_number(raw: str) -> str:
    number = unicodedata.normalize("NFC", raw).strip().upper()
    if not _DECISION.fullmatch(number):
        raise RuleBrokenError(DECISION_NUMBER)
    return number


def long_line(raw: str) -> str:
    """Return a longer line: a diagnosis may take several sentences."""
    return plain_line(raw, max_characters=_TEXT_MAX_CHARACTERS)
