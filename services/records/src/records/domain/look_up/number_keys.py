"""By what a person's number can be asked for: the name, the province, and one more fact that only few know (V-02).

A district, ward or hamlet may be named too: it tells people apart of whom all that is the same.

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

    `known_number` is the social-insurance number itself: who asks with it learns whether it is the right one.

    `areas` are where the person lives, if the codes of the address are known.
    """

    full_name: str
    province_code: str
    birth_date: str | None
    paper_numbers: tuple[str, ...]
    known_number: str | None = None
    areas: tuple[Area, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberQuestion:
    """What is asked: birth date, number of an identity paper or supposed own number stands beside name and province.

    With an `area` only those are found of whom it is on record that they live there.
    """

    full_name: str
    province_code: str
    marks: Marks
    birth_date: str | None = None
    paper_number: str | None = None
    known_number: str | None = None
    area: Area | None = None

    def looked_for_by(self) -> list[IndexKey]:
        """Return what to look for: any of these is the person.

        Of some people only the year of birth is on record: whoever asks with the day finds them too.
        """
        born = self.birth_date
        facts = [
            ("birth_date", born),
            ("birth_date", born and born[:_YEAR_DIGITS]),
            ("paper", self.paper_number),
            ("number", self.known_number),
        ]
        keys = [_key(kind, self.marks, self.full_name, self.province_code, fact) for kind, fact in _known(facts)]
        return [_within(self.area, self.marks, key) for key in dict.fromkeys(keys)]

    def asked_about(self) -> IndexKey:
        """Return about whom is asked, however the marks are written and wherever: what a limit per person counts."""
        fact = self.paper_number or self.known_number or self.birth_date or ""
        return _key("asked", "without", self.full_name, self.province_code, fact)

    def asked_name(self) -> IndexKey:
        """Return the name and province alone: what a limit on trying one date after the other counts."""
        return _key("asked_name", "without", self.full_name, self.province_code, "")


def keys_of(person: KnownPerson) -> list[IndexKey]:
    """Return every key the person can be found by."""
    papers = [("paper", number) for number in person.paper_numbers]
    facts = [("birth_date", person.birth_date), *papers, ("number", person.known_number)]
    return [
        _within(area, marks, _key(kind, marks, person.full_name, person.province_code, fact))
        for kind, fact in _known(facts)
        for marks in _BOTH
        for area in (None, *person.areas)
    ]


_BOTH: Final[tuple[Marks, ...]] = ("with", "without")


def _known(facts: Iterable[tuple[str, str | None]]) -> list[tuple[str, str]]:
    return [(kind, fact) for kind, fact in facts if fact is not None]


def _key(kind: str, marks: Marks, full_name: str, province_code: str, fact: str) -> IndexKey:
    return f"number_look_up/{kind}/{marks}", _SEPARATOR.join((_spelled(full_name, marks), province_code, fact))


def _within(area: Area | None, marks: Marks, key: IndexKey) -> IndexKey:
    if area is None:
        return key
    if area.hamlet is None:
        return f"{key[0]}/area", _SEPARATOR.join((key[1], area.unit))
    return f"{key[0]}/hamlet", _SEPARATOR.join((key[1], area.unit, _spelled(area.hamlet, marks)))


def _spelled(name: str, marks: Marks) -> str:
    return marked(name) if marks == "with" else bare(name)
