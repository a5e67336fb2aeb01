"""By what a person's number can be asked for: the name, the province, and one more fact that only few know (V-02).

A district or ward may be named too: it tells people apart of whom all that is the same.

Each combination is one text that is stored and asked for as a blind index only. A field for each kind of combination
keeps a birth date from being tried as an identity number.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from records.domain.look_up.names import bare, marked
from records.domain.place import Area

IndexKey: TypeAlias = tuple[str, str]
"""A field of the blind index, and the normalised text in it."""
Marks = Literal["with", "without"]

_YEAR_DIGITS: Final = 4
_SEPARATOR: Final = "|"


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """What is on record. `birth_date` is a day or only a year; `province_code` that of the managing agency.

    `areas` are where the person lives, if the codes of the address are known.
    """

    full_name: str
    province_code: str
    birth_date: str | None
    paper_numbers: tuple[str, ...]
    areas: tuple[Area, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberQuestion:
    """What is asked: either the birth date or the number of an identity paper stands beside name and province.

    With an `area` only those are found of whom it is on record that they live there.
    """

    full_name: str
    province_code: str
    marks: Marks
    birth_date: str | None = None
    paper_number: str | None = None
    area: Area | None = None

    def looked_for_by(self) -> list[IndexKey]:
        """Return what to look for: any of these is the person.

        Of some people only the year of birth is on record: whoever asks with the day finds them too.
        """
        if self.paper_number is not None:
            key = _key("paper", self.marks, self.full_name, self.province_code, self.paper_number)
            return [_within(self.area, key)]
        dates = dict.fromkeys(date for date in (self.birth_date, (self.birth_date or "")[:_YEAR_DIGITS]) if date)
        keys = [_key("birth_date", self.marks, self.full_name, self.province_code, date) for date in dates]
        return [_within(self.area, key) for key in keys]

    def asked_about(self) -> IndexKey:
        """Return about whom is asked, however the marks are written and wherever: what a limit per person counts."""
        return _key("asked", "without", self.full_name, self.province_code, self.paper_number or self.birth_date or "")

    def asked_name(self) -> IndexKey:
        """Return the name and province alone: what a limit on trying one date after the other counts."""
        return _key("asked_name", "without", self.full_name, self.province_code, "")


def keys_of(person: KnownPerson) -> list[IndexKey]:
    """Return every key the person can be found by."""
    facts = [("birth_date", person.birth_date), *(("paper", number) for number in person.paper_numbers)]
    return [
        _within(area, _key(kind, marks, person.full_name, person.province_code, fact))
        for kind, fact in _known(facts)
        for marks in _BOTH
        for area in (None, *person.areas)
    ]


_BOTH: Final[tuple[Marks, ...]] = ("with", "without")


def _known(facts: Iterable[tuple[str, str | None]]) -> list[tuple[str, str]]:
    return [(kind, fact) for kind, fact in facts if fact is not None]


def _key(kind: str, marks: Marks, full_name: str, province_code: str, fact: str) -> IndexKey:
    name = marked(full_name) if marks == "with" else bare(full_name)
    return f"number_look_up/{kind}/{marks}", _SEPARATOR.join((name, province_code, fact))


def _within(area: Area | None, key: IndexKey) -> IndexKey:
    return key if area is None else (f"{key[0]}/area", _SEPARATOR.join((key[1], area.name)))
