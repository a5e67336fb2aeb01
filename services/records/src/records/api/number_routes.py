"""Finding the own social-insurance number without an account (V-02, S-55). Asked in a body: it names a person."""

from typing import Annotated

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
from records.domain.look_up.number_keys import Marks, NumberQuestion
from records.domain.papers import PaperKind, paper_number
from records.domain.participant.entries import Entry
from records.domain.place import Area
from records.domain.rules import Checks
from records.domain.text import person_name
from records.handlers.number_look_up import NumberLookUp


class PaperBody(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: PaperKind
    number: Entry


class NumberQuestionBody(BaseModel):
    """`marks`: whether the name is written with its Vietnamese marks. One of `birth_date` and `paper` is needed.

    `area`, a district or a ward, tells apart people of whom all else is the same. Who asks with it is found only if the
    codes of the address are on record; without it everybody is.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    full_name: Entry
    province_code: Annotated[str, Field(pattern=r"^[0-9]{2}$")]
    marks: Marks = "with"
    birth_date: Entry | None = None
    paper: PaperBody | None = None
    area: Area | None = None

    @model_validator(mode="after")
    def _asks_by_one_more_fact(self) -> "NumberQuestionBody":
        if (self.birth_date is None) == (self.paper is None):
            raise ValueError("either the birth date or a paper")
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
        kind = body.paper.kind
        paper = checks.value("paper.number", body.paper.number, lambda raw: paper_number(raw, kind))
    return NumberQuestion(
        full_name=checks.passed(name),
        province_code=body.province_code,
        marks=body.marks,
        birth_date=None if born is None else born.root,
        paper_number=paper,
        area=body.area,
    )
