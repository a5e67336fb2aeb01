"""The languages a declarant can be addressed in."""

from typing import Literal

Language = Literal["vi", "en"]
