"""Numbers as people in Viet Nam write them."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

_CENT: Final = Decimal("0.01")
_SWAPPED: Final = str.maketrans(",.", ".,")


def vietnamese(number: Decimal) -> str:
    """Return the number with two decimals, a dot between thousands and a comma before the rest: `5.000.000,00`."""
    return f"{number.quantize(_CENT, ROUND_HALF_UP):,f}".translate(_SWAPPED)


def dong(amount: Decimal) -> str:
    """Return an amount of VND as people read it, whole: `5.000.000`.

    Where there is a rest it stays, `5.000.000,50`: amounts rounded one by one would not add up to their total.
    """
    return vietnamese(amount).removesuffix(",00")
