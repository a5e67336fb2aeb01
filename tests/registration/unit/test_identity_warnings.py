"""The structure of citizen numbers gives the officer hints; it never refuses."""

from datetime import date

from registration.domain.rules.identity import citizen_id_warnings
from registration.domain.rules.provinces import PROVINCES_WITH_DISTRICTS, PROVINCES_WITHOUT_DISTRICTS

TODAY = date(2026, 3, 2)


def test_there_are_63_provinces_of_before_and_34_of_today() -> None:
    assert (len(PROVINCES_WITH_DISTRICTS), len(PROVINCES_WITHOUT_DISTRICTS)) == (63, 34)


def test_a_plausible_number_gives_no_hint() -> None:
    assert citizen_id_warnings("066090000018", today=TODAY, sex="male", birth_date=date(1990, 3, 17)) == ()


def test_an_unknown_province_is_a_hint() -> None:
    assert citizen_id_warnings("003090000018", today=TODAY) == ("unknown_province",)
    assert citizen_id_warnings("166090000018", today=TODAY) == ("unknown_province",)


def test_sex_and_birth_year_are_compared_only_if_stated() -> None:
    assert citizen_id_warnings("066190000018", today=TODAY, sex="male") == ("sex_mismatch",)
    assert citizen_id_warnings("066290000018", today=TODAY, birth_date=date(1990, 3, 17)) == (
        "birth_year_mismatch",
        "born_in_the_future",
    )


def test_a_birth_in_the_future_is_a_hint_and_this_year_is_not() -> None:
    assert citizen_id_warnings("066226000018", today=TODAY) == ()
    assert citizen_id_warnings("066227000018", today=TODAY) == ("born_in_the_future",)
