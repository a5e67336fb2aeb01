"""What each kind of value must look like. A check returns the value to record, or raises `RuleBrokenError`."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final, TypeVar

from records.domain.bulk.rules import (
    CONTROL_CHARACTER,
    FORMULA,
    NEGATIVE,
    NOT_A_DATE,
    NOT_A_MONTH,
    NOT_AN_AMOUNT,
    NOT_ONE_OF,
    TOO_LONG,
    WRONG_SHAPE,
)
from records.domain.month import Month, NotAMonthError
from records.domain.rules import RuleBrokenError

Value = TypeVar("Value", bound=str)

# OWASP's list: what a spreadsheet would run, had somebody opened an export of it.
_FORMULA_STARTS: Final = ("=", "+", "-", "@")
_AMOUNT: Final = re.compile(r"[0-9]{1,15}(\.[0-9]{1,2})?")
_NEGATIVE: Final = re.compile(r"-[0-9.,]+")
_DAY: Final = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})")
# Files repeat themselves: months, employers, occupations. Remembering a few of them halves the work.
_REMEMBERED: Final = 4_096


def text(most: int) -> Callable[[str], str]:
    """Return a check of free text of at most `most` characters, normalised to NFC."""

    @lru_cache(maxsize=_REMEMBERED)
    def check(raw: str) -> str:
        if raw.startswith(_FORMULA_STARTS):
            raise RuleBrokenError(FORMULA)
        if not raw.isprintable():
            raise RuleBrokenError(CONTROL_CHARACTER)
        value = unicodedata.normalize("NFC", raw)
        if len(value) > most:
            raise RuleBrokenError(TOO_LONG)
        return value

    return check


def no_formula(check: Callable[[str], str]) -> Callable[[str], str]:
    """Return `check` of text that does not begin like a formula, though its own rule would let it."""

    def checked(raw: str) -> str:
        if raw.startswith(_FORMULA_STARTS):
            raise RuleBrokenError(FORMULA)
        return check(raw)

    return checked


def code(pattern: str) -> Callable[[str], str]:
    """Return a check of text that must match `pattern` as a whole."""
    wanted = re.compile(pattern)

    def check(raw: str) -> str:
        if wanted.fullmatch(raw) is None:
            raise RuleBrokenError(FORMULA if raw.startswith(_FORMULA_STARTS) else WRONG_SHAPE)
        return raw

    return check


def one_of(values: tuple[Value, ...]) -> Callable[[str], Value]:
    """Return a check of text that must be one of `values`."""
    known: dict[str, Value] = {value: value for value in values}

    def check(raw: str) -> Value:
        value = known.get(raw)
        if value is None:
            raise RuleBrokenError(FORMULA if raw.startswith(_FORMULA_STARTS) else NOT_ONE_OF)
        return value

    return check


@lru_cache(maxsize=_REMEMBERED)
def month(raw: str) -> Month:
    """Return the month written MM/yyyy."""
    try:
        return Month.parse(raw)
    except NotAMonthError as error:
        raise RuleBrokenError(NOT_A_MONTH) from error


@lru_cache(maxsize=_REMEMBERED)
def day(raw: str) -> date:
    """Return the day written dd/MM/yyyy; 31/02 is no day."""
    found = _DAY.fullmatch(raw)
    if found is None:
        raise RuleBrokenError(NOT_A_DATE)
    try:
        return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError as error:
        raise RuleBrokenError(NOT_A_DATE) from error


@lru_cache(maxsize=_REMEMBERED)
def amount(raw: str) -> Decimal:
    """Return an amount or coefficient: digits, and at most two more after a point. Never negative."""
    if _AMOUNT.fullmatch(raw) is None:
        raise RuleBrokenError(NEGATIVE if _NEGATIVE.fullmatch(raw) else NOT_AN_AMOUNT)
    return Decimal(raw)
