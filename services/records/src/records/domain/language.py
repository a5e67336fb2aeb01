"""Texts in the two languages people are addressed in."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    vi: str
    en: str
