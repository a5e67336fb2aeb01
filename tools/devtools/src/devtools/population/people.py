"""Who the people are: numbers, names, birth, and the agency in charge of them."""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from devtools.population.draw import Draw
from devtools.population.months import MonthNumber, first_day

Sex = Literal["male", "female"]

_FAMILY_NAMES: Final = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý")
_MIDDLE_NAMES: Final[dict[Sex, tuple[str, ...]]] = {
    "male": ("Văn", "Đức", "Minh", "Quang", "Hữu", "Thành", "Xuân"),
    "female": ("Thị", "Ngọc", "Thu", "Kim", "Thanh", "Mỹ", "Hồng"),
}
_GIVEN_NAMES: Final[dict[Sex, tuple[str, ...]]] = {
    "male": ("An", "Bình", "Cường", "Dũng", "Hải", "Khang", "Long", "Nam", "Phúc", "Sơn", "Tùng", "Việt"),
    "female": ("Anh", "Chi", "Dung", "Hà", "Hương", "Lan", "Mai", "Nga", "Oanh", "Thảo", "Trang", "Yến"),
}
_AGENCIES: Final = ("06601", "06602", "06603", "06604")
_WARDS: Final = ("Tân Lợi", "Tân Lập", "Thắng Lợi", "Ea Tam", "Khánh Xuân", "Thành Công")
# 10^8 numbers, visited in an order that looks like none: the step has no factor with 10^8 in common.
_NUMBERS: Final = 10**8
_STEP: Final = 76_543_217
_CITIZEN_PROVINCES: Final = 63
_CITIZEN_NUMBERS: Final = 10**6
_CITIZEN_STEP: Final = 387_421
_ADULT_YEARS: Final = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """`citizen_number` is empty for children who have no card yet; `address` and names are put together by chance."""

    index: int
    social_insurance_number: str
    citizen_number: str
    full_name: str
    sex: Sex
    born: date
    agency_code: str
    phone: str
    address: str

    def aged(self, years: int) -> MonthNumber:
        """Return the month in which the person is that old."""
        return (self.born.year + years) * 12 + self.born.month - 1

    def is_child(self, month: MonthNumber) -> bool:
        return month < self.aged(_ADULT_YEARS)


def person_at(index: int, *, seed: int, until: MonthNumber) -> Person:
    """Return the person at this place of the population, as known in the month `until`.

    Up to 63 million people have citizen numbers that differ, and up to 100 million social-insurance numbers.
    """
    draw = Draw(seed, f"person/{index}")
    sex: Sex = draw.one_of(("male", "female"))
    year = first_day(until).year - _age(draw)
    born = date(year, draw.between(1, 12), draw.between(1, 28))
    born = min(born, first_day(until))
    has_card = (until - (born.year * 12 + born.month - 1)) >= 14 * 12
    return Person(
        index=index,
        social_insurance_number=f"99{(index * _STEP + seed) % _NUMBERS:08}",
        citizen_number=_citizen_number(index, seed, sex, born) if has_card else "",
        full_name=_full_name(draw, sex),
        sex=sex,
        born=born,
        agency_code=draw.one_of(_AGENCIES),
        phone=f"090{draw.between(0, 9_999_999):07}",
        address=f"Số {draw.between(1, 200)}, Phố Thử Nghiệm {draw.between(1, 40)}, {draw.one_of(_WARDS)}, Đắk Lắk",
    )


def _age(draw: Draw) -> int:
    if draw.chance(20):
        return draw.between(0, 17)
    return draw.between(62, 88) if draw.chance(18) else draw.between(18, 61)


def _full_name(draw: Draw, sex: Sex) -> str:
    return f"{draw.one_of(_FAMILY_NAMES)} {draw.one_of(_MIDDLE_NAMES[sex])} {draw.one_of(_GIVEN_NAMES[sex])}"


def _citizen_number(index: int, seed: int, sex: Sex, born: date) -> str:
    """Return 12 digits of the official form: province (made up, 901 and on), century and sex, year, number."""
    province = 901 + (index // _CITIZEN_NUMBERS + index) % _CITIZEN_PROVINCES
    century = (born.year // 100 - 19) * 2 + (sex == "female")
    number = (index * _CITIZEN_STEP + seed) % _CITIZEN_NUMBERS
    return f"{province:03}{century}{born.year % 100:02}{number:06}"
