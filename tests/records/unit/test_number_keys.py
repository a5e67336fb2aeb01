"""How names and facts are compared when somebody asks for a number."""

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from records.domain.look_up.names import bare, bare_words, marked
from records.domain.look_up.number_keys import KnownPerson, Marks, NumberQuestion, keys_of
from records.domain.place import Area, Place

PERSON = KnownPerson("Nguyễn Văn Đạt", "66", "1990-03-17", ("066090000018", "240000018"), "6600000018")
LETTERS = "aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệghiìíỉĩịklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvxyỳýỷỹỵ "
NAMES = st.text(LETTERS + LETTERS.upper(), min_size=2, max_size=30).filter(str.strip)


def finds(question: NumberQuestion, person: KnownPerson = PERSON) -> bool:
    return not set(question.looked_for_by()).isdisjoint(keys_of(person))


def ask(
    full_name: str = PERSON.full_name,
    marks: Marks = "with",
    province_code: str = "66",
    birth_date: str | None = "1990-03-17",
    paper_number: str | None = None,
) -> NumberQuestion:
    return NumberQuestion(
        full_name=full_name,
        province_code=province_code,
        marks=marks,
        birth_date=birth_date,
        paper_number=paper_number,
    )


@pytest.mark.req("V-02")
def test_with_marks_the_name_is_compared_letter_for_letter_and_without_them_by_its_bare_letters() -> None:
    assert finds(ask("nguyễn  VĂN đạt"))
    assert not finds(ask("Nguyen Van Dat"))
    assert finds(ask("Nguyen Van Dat", marks="without"))
    assert finds(ask("Nguyễn Văn Đát", marks="without"))
    assert not finds(ask("Nguyễn Văn Đát"))


@pytest.mark.req("V-02")
@pytest.mark.parametrize(
    "question",
    [
        ask(province_code="79"),
        ask(birth_date="1990-03-18"),
        ask(birth_date=None, paper_number="066090000019"),
        ask(birth_date=None, paper_number="1990-03-17"),
        ask(birth_date="066090000018"),
        replace(ask(birth_date=None), known_number="6600000019"),
        replace(ask(birth_date=None), known_number="066090000018"),
        ask("Nguyễn Văn"),
    ],
)
def test_every_fact_must_fit_in_its_own_place(question: NumberQuestion) -> None:
    assert not finds(question)


def test_who_knows_the_number_hears_that_it_is_the_right_one() -> None:
    assert finds(replace(ask(birth_date=None), known_number="6600000018"))


def test_any_paper_finds_the_person() -> None:
    assert finds(ask(birth_date=None, paper_number="066090000018"))
    assert finds(ask(birth_date=None, paper_number="240000018", marks="without"))


def test_who_is_on_record_with_the_year_alone_is_found_by_the_day_too() -> None:
    child = KnownPerson("Nguyễn Bé Mẫu", "66", "2020", ())
    assert finds(ask("Nguyễn Bé Mẫu", birth_date="2020-05-01"), child)
    assert finds(ask("Nguyễn Bé Mẫu", birth_date="2020"), child)
    assert not finds(ask(birth_date="1990"))


def test_of_whom_no_birth_date_is_known_nobody_asks_by_one() -> None:
    unknown = KnownPerson(PERSON.full_name, "66", None, PERSON.paper_numbers)
    assert not finds(ask(), unknown)
    assert finds(ask(birth_date=None, paper_number="240000018"), unknown)


@given(NAMES)
def test_both_spellings_of_a_composed_letter_are_one_name(name: str) -> None:
    decomposed = unicodedata.normalize("NFD", name)
    assert marked(name) == marked(decomposed)
    assert bare(name) == bare(decomposed)


@given(NAMES)
def test_a_bare_name_stays_as_it_is_and_has_ascii_letters_only(name: str) -> None:
    assert bare(bare(name)) == bare(name)
    assert bare(name).isascii()
    assert bare(marked(name)) == bare(name)


@given(NAMES, NAMES)
def test_whoever_is_found_with_marks_is_found_without_them(asked: str, known: str) -> None:
    person = KnownPerson(known, "66", "1990-03-17", ())
    if finds(ask(asked), person):
        assert finds(ask(asked, marks="without"), person)


def test_limits_count_a_person_however_the_name_is_written() -> None:
    assert ask().asked_about() == ask("NGUYEN VAN DAT", marks="without").asked_about()
    assert ask().asked_about() != ask(birth_date="1991-01-01").asked_about()
    assert ask().asked_name() == ask(birth_date="1991-01-01").asked_name()


def test_a_name_is_searched_by_its_words() -> None:
    assert bare_words("Công ty TNHH Cà-phê  (Đắk Lắk)") == ["ca", "cong", "dak", "lak", "phe", "tnhh", "ty"]


CITY = Area(layout="with_districts", district_code="643")
LIVING_THERE = replace(
    PERSON,
    areas=Place(layout="with_districts", province_code="66", district_code="643", ward_code="24136").areas(),
)


@pytest.mark.req("V-02")
@pytest.mark.parametrize(
    ("area", "found"),
    [
        (None, True),
        (CITY, True),
        (Area(layout="with_districts", ward_code="24136"), True),
        (Area(layout="with_districts", district_code="644"), False),
        (Area(layout="without_districts", ward_code="24136"), False),
    ],
)
def test_a_district_or_ward_must_be_the_persons_in_its_own_layout(area: Area | None, *, found: bool) -> None:
    assert finds(replace(ask(), area=area), LIVING_THERE) is found


@pytest.mark.req("V-02")
def test_who_asks_with_a_district_finds_nobody_whose_address_has_no_codes() -> None:
    assert not finds(replace(ask(), area=CITY))


IN_THE_HAMLET = replace(
    PERSON,
    areas=Place(
        layout="with_districts", province_code="66", district_code="643", ward_code="24136", hamlet="Xóm Đình"
    ).areas(),
)


@pytest.mark.req("V-02")
@pytest.mark.parametrize(
    ("marks", "hamlet", "found"),
    [
        ("with", "xóm  ĐÌNH", True),
        ("with", "Xom Dinh", False),
        ("without", "Xom Dinh", True),
        ("with", "Thôn 3", False),
        ("with", None, True),
    ],
)
def test_a_hamlet_is_compared_as_the_name_is(marks: Marks, hamlet: str | None, *, found: bool) -> None:
    area = Area(layout="with_districts", ward_code="24136", hamlet=hamlet)
    assert finds(replace(ask(PERSON.full_name, marks), area=area), IN_THE_HAMLET) is found
    elsewhere = Area(layout="with_districts", ward_code="24137", hamlet=hamlet)
    assert not finds(replace(ask(PERSON.full_name, marks), area=elsewhere), IN_THE_HAMLET)


@pytest.mark.req("V-01")
def test_trying_one_district_after_the_other_counts_as_asking_about_one_person() -> None:
    assert replace(ask(), area=CITY).asked_about() == ask().asked_about()


@pytest.mark.parametrize(
    "unit",
    [
        {"layout": "with_districts"},
        {"layout": "with_districts", "district_code": "643", "ward_code": "24136"},
        {"layout": "without_districts", "district_code": "643"},
        {"layout": "with_districts", "district_code": "643", "hamlet": "Thôn 3"},
    ],
)
def test_an_area_is_one_unit_of_its_layout(unit: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="district"):
        Area.model_validate(unit)
