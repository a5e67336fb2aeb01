"""Values as cells: exact for programs, and as people in Viet Nam write them."""

from datetime import date, datetime
from decimal import Decimal

from records.api.as_of import VIET_NAM
from records.domain.amounts import dong
from records.domain.exports.sheet import Cell, plain
from records.domain.month import Month


def day(value: date | None) -> Cell:
    return plain(None) if value is None else Cell(value.isoformat(), value.strftime("%d/%m/%Y"))


def minute(value: datetime) -> Cell:
    local = value.astimezone(VIET_NAM)
    return Cell(local.isoformat(), local.strftime("%d/%m/%Y %H:%M"))


def month(value: Month | None) -> Cell:
    return plain(None) if value is None else Cell(value.iso, value.label)


def money(amount: Decimal) -> Cell:
    """Return an amount in VND."""
    return Cell(str(amount), dong(amount))


def number(value: int | None) -> Cell:
    return plain(None) if value is None else Cell(value, str(value))
