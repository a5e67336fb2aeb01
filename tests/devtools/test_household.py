from datetime import date

from devtools.demo.household import as_citizen, household
from devtools.population.months import month_number

TODAY = date(2026, 11, 22)


def test_the_household_is_a_parent_with_a_career_a_child_and_a_pensioner() -> None:
    people = household(TODAY)
    until = month_number(TODAY)
    employers = {job.employer.code for job in people.parent.career.jobs}
    assert len(employers) > 1
    assert people.child.person.is_child(until)
    assert people.pensioner.career.retired_in is not None
    assert len({life.person.social_insurance_number for life in people.lives()}) == 3


def test_it_is_the_same_household_in_every_fresh_system_of_the_month() -> None:
    assert household(TODAY) == household(date(2026, 11, 1))


def test_a_person_declares_with_the_numbers_of_the_record_and_a_password_of_the_own() -> None:
    life = household(TODAY).parent
    one, other = as_citizen(life), as_citizen(life)
    assert one.social_insurance_number == life.person.social_insurance_number
    assert one.citizen_number == life.person.citizen_number
    assert one.password != other.password
