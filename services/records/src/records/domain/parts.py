"""The parts a record is read in, and how far an opening reaches."""

from typing import Final, Literal

Part = Literal["person", "participation", "benefits", "card", "visits", "disputes", "readings", "export"]
"""The parts of a record; `visits` is health data and is opened for itself (S-47)."""

Scope = Literal["record", "health"]
"""How far an opening reaches: all but the health data, or that too."""

_HEALTH_DATA: Final[frozenset[Part]] = frozenset({"visits"})


def reaches(scope: Scope, part: Part) -> bool:
    return scope == "health" or part not in _HEALTH_DATA
