"""Text for people, always in Vietnamese and in English."""

from collections.abc import Mapping
from dataclasses import dataclass


class _EllipsisWhereMissing(dict[str, object]):
    # A text that names a limit the rule did not give is a slip of ours: the person still gets the sentence.
    def __missing__(self, name: str) -> str:
        return "…"


@dataclass(frozen=True, slots=True)
class Bilingual:
    """One text in both languages; `{name}` is filled from the values given to `filled`."""

    vi: str
    en: str

    def filled(self, values: Mapping[str, object]) -> "Bilingual":
        """Return the text with its placeholders filled; one without a value becomes an ellipsis."""
        known = _EllipsisWhereMissing(values)
        return Bilingual(self.vi.format_map(known), self.en.format_map(known))

    def as_dict(self) -> dict[str, str]:
        return {"vi": self.vi, "en": self.en}
