"""The digital certificate of those who have one: all of it, or none of it."""

import re
from datetime import date
from typing import Final

from pydantic import BaseModel, ConfigDict

from registration.domain.rules import codes, text
from registration.domain.rules.entry import Entry
from registration.domain.rules.refusal import Checks, Rule, RuleBrokenError, Text

_YEAR_MONTH_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

ISO_DATE: Final = Rule(
    "date",
    Text("Ngày không đúng.", "This is not a date."),
    Text("Ghi ngày theo dạng năm-tháng-ngày, ví dụ 2026-01-31.", "Write year-month-day, for example 2026-01-31."),
)
CERTIFICATE_WHOLE: Final = Rule(
    "certificate_whole",
    Text(
        "Chứng thư số cần đủ số chứng thư, nơi cấp, từ ngày và đến ngày.",
        "A certificate needs its serial, issuer, and both dates.",
    ),
    Text("Điền đủ bốn mục hoặc để trống cả bốn.", "Fill in all four, or leave all four empty."),
)
CERTIFICATE_DATES: Final = Rule(
    "certificate_dates",
    Text("Ngày hết hạn phải sau ngày bắt đầu.", "The last day must be after the first."),
    Text("Kiểm tra lại hai ngày trên chứng thư.", "Check both dates on the certificate."),
)


class CertificateEntries(BaseModel):
    """A certificate as typed, not yet checked."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    serial: Entry | None = None
    issuer: Entry | None = None
    valid_from: Entry | None = None
    valid_to: Entry | None = None


class Certificate(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    serial: str
    issuer: str
    valid_from: date
    valid_to: date


def iso_date(raw: str) -> date:
    typed = raw.strip()
    if not _YEAR_MONTH_DAY.fullmatch(typed):  # Python reads weeks and bare digits as well
        raise RuleBrokenError(ISO_DATE)
    try:
        return date.fromisoformat(typed)
    except ValueError as error:
        raise RuleBrokenError(ISO_DATE) from error


def check_certificate(entries: CertificateEntries, checks: Checks) -> Certificate | None:
    """Return the certificate if it is whole; otherwise note what is wrong and return `None`."""
    noted = len(checks.refusals)
    serial = checks.value("certificate.serial", entries.serial, codes.certificate_serial)
    issuer = checks.value("certificate.issuer", entries.issuer, text.plain_line)
    valid_from = checks.value("certificate.valid_from", entries.valid_from, iso_date)
    valid_to = checks.value("certificate.valid_to", entries.valid_to, iso_date)
    if len(checks.refusals) > noted or not any((serial, issuer, valid_from, valid_to)):
        return None
    if serial is None or issuer is None or valid_from is None or valid_to is None:
        checks.refuse("certificate", CERTIFICATE_WHOLE)
        return None
    if valid_to <= valid_from:
        checks.refuse("certificate.valid_to", CERTIFICATE_DATES)
        return None
    return Certificate(serial=serial, issuer=issuer, valid_from=valid_from, valid_to=valid_to)
