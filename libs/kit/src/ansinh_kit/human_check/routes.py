"""The sign of trouble taken that every public look-up asks for (V-01), and where to get the challenge for it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Header
from pydantic import BaseModel, ConfigDict

from ansinh_kit.errors import DomainError
from ansinh_kit.http.bilingual import Bilingual
from ansinh_kit.http.callers import AnyCaller
from ansinh_kit.http.problems import Answer
from ansinh_kit.human_check.port import HumanCheck, HumanCheckFailedError, HumanCheckRequiredError
from ansinh_kit.throttling.port import TooManyAttemptsError

HumanProof = Annotated[str | None, Header(alias="Human-Proof", max_length=256)]
"""The proof of a challenge. It is checked after everything else about the request: a slip costs no second proof."""


def _forbidden(vi: str, en: str) -> Answer:
    return Answer(403, "Not allowed", Bilingual(vi, en))


HUMAN_PROOF_ERRORS: Final[Mapping[type[DomainError], Answer]] = {
    HumanCheckRequiredError: _forbidden(
        "Cần hoàn thành bước xác minh trước khi tra cứu.", "Complete the check before you look anything up."
    ),
    HumanCheckFailedError: _forbidden(
        "Bước xác minh không hợp lệ hoặc đã dùng. Hãy thử lại.",
        "The check does not hold or was used already. Please try again.",
    ),
    TooManyAttemptsError: Answer(
        429,
        "Slow down",
        Bilingual(
            "Đã tra cứu quá nhiều lần. Hãy đợi hết thời gian chờ rồi thử lại.",
            "Too many look-ups. Please wait until the time is over and try again.",
        ),
    ),
}


class ChallengeGiven(BaseModel):
    """Find digits so that SHA-256 of `<challenge>.<digits>` begins with `difficulty_bits` zero bits: the proof."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str
    challenge: str
    difficulty_bits: int
    expires_at: datetime


def challenge_routes(*, human_check: HumanCheck) -> APIRouter:
    router = APIRouter(prefix="/v1/public", tags=["look-ups"])

    @router.post("/challenges", status_code=201)
    async def give_challenge(_caller: AnyCaller) -> ChallengeGiven:
        """Return a challenge for one look-up."""
        given = human_check.challenge()
        return ChallengeGiven(
            kind=given.kind,
            challenge=given.text,
            difficulty_bits=given.difficulty_bits,
            expires_at=given.expires_at,
        )

    return router
