"""Finding the own social-insurance number without an account (V-02, S-55). Asked in a body: it names a person."""

from functools import partial
from typing import Annotated, Final

from ansinh_kit.clock import Clock
from ansinh_kit.http.callers import AnyCaller
from ansinh_kit.http.client_address import ClientAddress
from ansinh_kit.http.even_pace import EvenPace
from ansinh_kit.human_check.port import HumanCheck
from ansinh_kit.human_check.routes import HumanProof
from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, model_validator

from records.api.participant_bodies import today
from records.domain.birth_date import birth_date
from records.domain.codes import social_insurance_number
from records.domain.look_up.number_keys import Marks, NumberQuestion
from records.domain.papers import PaperKind, paper_number
from records.domain.participant.entries import Entry
from records.domain.place import Area
from records.domain.rules import Checks
from records.domain.text import person_name, plain_line
from records.handlers.number_look_up import NumberLookUp

_FACTS: Final = 3


class PaperBody(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: PaperKind
    number: Entry


class NumberQuestionBody(BaseModel):
    """`marks`: whether names are written with their Vietnamese marks. One of the three facts is needed.

    The facts are `birth_date`, `paper`, and `known_number`: a supposed own number, to hear that it is the right one.
    `area`, a district, a ward or a hamlet in it, tells apart people of whom all else is the same. Who asks with it is
    found only if that is on record; without it everybody is.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    full_name: Entry
    province_code: Annotated[str, Field(pattern=r"^[0-9]{2}$")]
    marks: Marks = "with"
    birth_date: Entry | None = None
    paper: PaperBody | None = None
    known_number: Entry | None = None
    area: Area | None = None

    @model_validator(mode="after")
    def _asks_by_one_more_fact(self) -> "NumberQuestionBody":
        if [self.birth_date, self.paper, self.known_number].count(None) != _FACTS - 1:
            raise ValueError("either the birth date, a paper or a known number")
        return self


class NumberFound(BaseModel):
    """Nobody who fits, and more than one, read alike: `null`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    social_insurance_number: str | None


def number_routes(*, human_check: HumanCheck, look_up: NumberLookUp, pace: EvenPace, clock: Clock) -> APIRouter:
    router = APIRouter(prefix="/v1/public", tags=["look-ups"])

    @router.post("/number")
    async def find_number(
        body: NumberQuestionBody, _caller: AnyCaller, address: ClientAddress, proof: HumanProof = None
    ) -> NumberFound:
        """Return the number of the one person who fits name, province, and birth date or identity paper."""
        question = _question(body, clock)
        await human_check.admit(proof)
        async with pace.kept():
            return NumberFound(social_insurance_number=await look_up.find(question, address=address))

    return router


def _question(body: NumberQuestionBody, clock: Clock) -> NumberQuestion:
    checks = Checks()
    name = checks.value("full_name", body.full_name, person_name)
    born = checks.value("birth_date", body.birth_date, lambda raw: birth_date(raw, today=today(clock)))
    paper = None
    if body.paper is not None:
        paper = checks.value("paper.number", body.paper.number, partial(paper_number, kind=body.paper.kind))
    known = checks.value("known_number", body.known_number, social_insurance_number)
    area = _area(body.area, checks)
    return NumberQuestion(
        full_name=checks.passed(name),
        province_code=body.province_code,
        marks=body.marks,
        birth_date=None if born is None else born.root,
        paper_number=paper,
        known_number=known,
        area=area,
    )


def _area(area: Area | None, checks: Checks) -> Area | None:
    if area is None or area.hamlet is None:
        return area
    return area.model_copy(update={"hamlet": checks.value("area.hamlet", area.hamlet, plain_line)})
