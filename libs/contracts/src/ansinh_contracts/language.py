"""The languages a citizen can be addressed in."""

from typing import Literal

Language = Literal["vi", "en"]
