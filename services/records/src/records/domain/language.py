"""Texts in the two languages people are addressed in."""

from dataclasses import dataclass
from typing import Literal

Language = Literal["vi", "en"]


@dataclass(frozen=True, slots=True)
class Text:
    vi: str
    en: str
