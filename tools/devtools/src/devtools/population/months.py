"""Months as whole numbers, year times twelve plus month less one: differences are lengths."""

import calendar
from datetime import date
from typing import TypeAlias

MonthNumber: TypeAlias = int


def month_number(day: date) -> MonthNumber:
    return day.year * 12 + day.month - 1


def month_label(month: MonthNumber) -> str:
    return f"{month % 12 + 1:02}/{month // 12:04}"


def first_day(month: MonthNumber) -> date:
    return date(month // 12, month % 12 + 1, 1)


def last_day(month: MonthNumber) -> date:
    year, number = month // 12, month % 12 + 1
    return date(year, number, calendar.monthrange(year, number)[1])


def day_label(day: date | None) -> str:
    return "" if day is None else f"{day:%d/%m/%Y}"
