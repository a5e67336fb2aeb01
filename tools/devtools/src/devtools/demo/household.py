"""Who the demo people are: taken from the made-up population, the same in every fresh system of one month."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from devtools.population.months import month_number
from devtools.population.rows import Life, life_of
from devtools.story.people import Citizen

_SEED: Final = 1
_AMONG: Final = 2_000
_LONG_CAREER_JOBS: Final = 3
_GROWN_UP_YEARS: Final = range(35, 50)


@dataclass(frozen=True, slots=True)
class Household:
    """A parent with several employers behind, a child, and a pensioner."""

    parent: Life
    child: Life
    pensioner: Life

    def lives(self) -> tuple[Life, ...]:
        return (self.parent, self.child, self.pensioner)


def household(today: date) -> Household:
    """Return the household as known at the end of last month."""
    until = month_number(today) - 1

    def first(fits: Callable[[Life], bool]) -> Life:
        lives = (life_of(index, seed=_SEED, until=until) for index in range(_AMONG))
        return next(life for life in lives if fits(life))

    return Household(
        parent=first(lambda life: _age(life, today) in _GROWN_UP_YEARS and _has_long_career(life)),
        child=first(lambda life: life.person.is_child(until)),
        pensioner=first(lambda life: life.career.retired_in is not None and _has_long_career(life)),
    )


def as_citizen(life: Life) -> Citizen:
    """Return the person as somebody who can declare, with a mailbox and a password of the own."""
    person = life.person
    return Citizen(
        social_insurance_number=person.social_insurance_number,
        citizen_number=person.citizen_number,
        full_name=person.full_name,
        phone=person.phone,
        email=f"dan.{person.index}@example.com",
        password=f"ngân hàng cây cau {secrets.token_hex(4)}",
    )


def _age(life: Life, today: date) -> int:
    return today.year - life.person.born.year


def _has_long_career(life: Life) -> bool:
    return len(life.career.jobs) >= _LONG_CAREER_JOBS and bool(life.person.citizen_number)
