"""Numbers as people in Viet Nam write them."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

_CENT: Final = Decimal("0.01")
_SWAPPED: Final = str.maketrans(",.", ".,")


def vietnamese(number: Decimal) -> str:
    """Return the number with two decimals, a dot between thousands and a comma before the rest: `5.000.000,00`."""
    return f"{number.quantize(_CENT, ROUND_HALF_UP):,f}".translate(_SWAPPED)
