"""Whether a health card is valid, without an account (V-04). Asked in a body: it names a person."""

from datetime import date

from ansinh_kit.clock import Clock
from ansinh_kit.http.callers import AnyCaller
from ansinh_kit.http.client_address import ClientAddress
from ansinh_kit.http.even_pace import EvenPace
from ansinh_kit.human_check.port import HumanCheck
from ansinh_kit.human_check.routes import HumanProof
from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from records.api.participant_bodies import today
from records.domain.birth_date import birth_date
from records.domain.cards.card import CardState, HeldCard
from records.domain.look_up.card_question import CardQuestion, asked_number
from records.domain.participant.entries import Entry
from records.domain.rules import Checks
from records.domain.text import person_name
from records.handlers.card_validity import CardValidity


class CardQuestionBody(BaseModel):
    """`card_number` has 15 characters, or the 10 digits that newer cards print."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    card_number: Entry
    full_name: Entry
    birth_date: Entry


class CardValidityAnswer(BaseModel):
    """No such card, and one with another name or birth date, read alike: not valid, and nothing else is told."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    valid: bool = False
    state: CardState | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    five_year_date: date | None = None


def card_validity_routes(*, human_check: HumanCheck, validity: CardValidity, pace: EvenPace, clock: Clock) -> APIRouter:
    router = APIRouter(prefix="/v1/public", tags=["look-ups"])

    @router.post("/card")
    async def find_card(
        body: CardQuestionBody, _caller: AnyCaller, address: ClientAddress, proof: HumanProof = None
    ) -> CardValidityAnswer:
        """Return whether the card with this number, name and birth date is valid today, from when and until when."""
        question = _question(body, clock)
        await human_check.admit(proof)
        async with pace.kept():
            held = await validity.find(question, address=address)
            return CardValidityAnswer() if held is None else _answer(held, today(clock))

    return router


def _question(body: CardQuestionBody, clock: Clock) -> CardQuestion:
    checks = Checks()
    number = checks.value("card_number", body.card_number, asked_number)
    name = checks.value("full_name", body.full_name, person_name)
    born = checks.value("birth_date", body.birth_date, lambda raw: birth_date(raw, today=today(clock)))
    return CardQuestion(checks.passed(number), checks.passed(name), checks.passed(born))


def _answer(held: HeldCard, day: date) -> CardValidityAnswer:
    state = held.state_on(day)
    return CardValidityAnswer(
        valid=state == "valid",
        state=state,
        valid_from=held.card.valid_from,
        valid_to=held.card.valid_to,
        five_year_date=held.card.five_year_date,
    )
