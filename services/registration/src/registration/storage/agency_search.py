"""Which of the offices of a province fit. There are some dozens at most: chosen from here, not by the server."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ansinh_kit.visible_text import without_marks

from registration.storage.reference import Agency

_WORD: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencySearch:
    """`name` holds words that all stand in the name, in any order, with or without Vietnamese marks."""

    district_code: str | None = None
    name: str = ""

    def among(self, offices: Iterable[Agency]) -> list[Agency]:
        """Return the offices that fit, in the order given. A provincial office serves every district."""
        words = _words(self.name)
        return [office for office in offices if words <= _words(office.name) and self._serves(office)]

    def _serves(self, office: Agency) -> bool:
        if self.district_code is None or office.kind == "provincial":
            return True
        return self.district_code in office.district_codes


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(without_marks(text)))
