"""The moment a record is asked for: what the system said then (`as_of`)."""

import re
from datetime import UTC, date, datetime, time
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from ansinh_kit.errors import FieldViolation, InvalidFieldsError
from fastapi import Depends, Query

VIET_NAM: Final = ZoneInfo("Asia/Ho_Chi_Minh")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def parse_as_of(raw: str) -> datetime:
    """Return the moment: a day means its end in Viet Nam, everything else is an RFC 3339 instant with its offset.

    Raises:
        InvalidFieldsError: Neither of the two.
    """
    try:
        moment = _moment(raw)
        # Moments at the first and the last day there is have no day of their own in UTC or in Viet Nam.
        for zone in (UTC, VIET_NAM):
            moment.astimezone(zone)
    except (ValueError, OverflowError) as error:
        raise InvalidFieldsError([FieldViolation("as_of", "date_time")]) from error
    if moment.tzinfo is None:
        raise InvalidFieldsError([FieldViolation("as_of", "date_time")])
    return moment


def _moment(raw: str) -> datetime:
    if _DAY.fullmatch(raw):
        return datetime.combine(date.fromisoformat(raw), time.max, tzinfo=VIET_NAM)
    return datetime.fromisoformat(raw)


async def _as_of(as_of: Annotated[str | None, Query(max_length=40)] = None) -> datetime | None:
    return None if as_of is None else parse_as_of(as_of)


AsOf = Annotated[datetime | None, Depends(_as_of)]
"""The query parameter `as_of`; `None` means now."""
