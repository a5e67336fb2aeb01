"""Where people work: companies that pay wages, public bodies that pay by coefficient, and some that pay late."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from devtools.population.draw import Draw
from devtools.population.months import MonthNumber

_TRADES: Final = (
    ("May mặc", "Công nhân may"),
    ("Chế biến cà phê", "Công nhân chế biến"),
    ("Xây dựng", "Thợ nề"),
    ("Vận tải", "Lái xe"),
    ("Phần mềm", "Kỹ sư phần mềm"),
    ("Thương mại", "Nhân viên bán hàng"),
)
_PUBLIC: Final = (("Trường Trung học", "Giáo viên"), ("Bệnh viện", "Điều dưỡng"), ("Ủy ban nhân dân", "Công chức"))
EMPLOYERS: Final = 3_000
"""How many a population has for its main jobs; as many again are for jobs beside them."""
_LETTERS: Final = "ABCDEGHKLMNPQRSTUVXY"
_MOST_COEFFICIENT: Final = 900
_BASE_YEAR: Final = 1995


@dataclass(frozen=True, slots=True)
class Employer:
    """`public` bodies pay by coefficient, in hundredths here; others in VND a month."""

    code: str
    name: str
    workplace: str
    occupation: str
    public: bool
    pays_late: bool

    def first_pay(self, draw: Draw, month: MonthNumber) -> int:
        if self.public:
            return draw.one_of((234, 267, 300, 333))
        years = month // 12 - _BASE_YEAR
        return draw.between(8, 20) * 100_000 * (1 + years // 3)

    def raised(self, pay: int) -> int:
        if self.public:
            return min(pay + 33, _MOST_COEFFICIENT)
        return pay + pay // 12 // 10_000 * 10_000

    def written(self, pay: int) -> str:
        return f"{pay // 100}.{pay % 100:02}" if self.public else str(pay)


@lru_cache(maxsize=2 * EMPLOYERS)
def employer_at(index: int) -> Employer:
    draw = Draw(0, f"employer/{index}")
    public = draw.chance(20)
    trade, occupation = draw.one_of(_PUBLIC if public else _TRADES)
    kind = "" if public else draw.one_of(("Công ty TNHH ", "Công ty Cổ phần "))
    first, second = _LETTERS[index % 20], _LETTERS[index // 20 % 20]
    return Employer(
        code=f"{first}{second}{index % 10_000:04}Z",
        name=f"{kind}{trade} Thử Nghiệm {index}",
        workplace=f"Khu {draw.between(1, 9)}, Buôn Ma Thuột",
        occupation=occupation,
        public=public,
        pays_late=not public and draw.chance(15),
    )
