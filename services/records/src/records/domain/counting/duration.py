"""Months as people say them: whole years and months."""

from typing import Final

from records.domain.language import Text

_MONTHS_A_YEAR: Final = 12


def show(months: int) -> Text:
    """Return a number of months in words: 89 is "7 năm 5 tháng"; a zero part is left out, except of 0 itself."""
    years, rest = divmod(months, _MONTHS_A_YEAR)
    vi = [f"{years} năm"] * bool(years) + [f"{rest} tháng"] * bool(rest)
    en = [_plural(years, "year")] * bool(years) + [_plural(rest, "month")] * bool(rest)
    return Text(" ".join(vi) or "0 tháng", " ".join(en) or "0 months")


def _plural(count: int, unit: str) -> str:
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
