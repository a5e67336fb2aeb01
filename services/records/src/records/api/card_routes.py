"""The health card: its details, the code to show, and the check page of facilities (S-41 to S-44, V-30)."""

from datetime import date, datetime
from typing import Annotated, Final

from ansinh_kit.clock import Clock
from ansinh_kit.http.callers import AnyCaller, CallerNotAllowedError
from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from records.api.access import Access, OpeningId, Who
from records.api.as_of import VIET_NAM, AsOf
from records.api.feeding import BilingualAnswer
from records.domain.cards.card import CardState, HeldCard, LivingArea, card_to_show
from records.domain.participant.details import Sex
from records.handlers.card_checks import CardChecks
from records.handlers.row_history import RowHistory
from records.projections.cards import cards_at
from records.projections.versioned_rows import StandingRow

_SCANNED_MAX_CHARACTERS: Final = 4_096  # more than any code a camera reads: 2,953 bytes
NO_CARD: Final = BilingualAnswer(vi="Chưa có thẻ BHYT.", en="No health card yet.")


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CardAnswer(_Answer):
    """What stands on a card, and its state on the day asked for: only `valid` is worth anything at a facility."""

    card_id: str
    state: CardState
    card_number: str
    social_insurance_number: str
    full_name: str
    sex: Sex
    birth_date: date | None
    birth_year: int
    address: str | None
    subject_code: str
    benefit_level: str
    benefit_percent: int
    facility_code: str
    facility_name: str
    valid_from: date
    valid_to: date | None
    withdrawn_on: date | None
    issued_on: date
    issuing_agency_code: str
    five_year_date: date | None
    copayment_exempt_from: date | None
    living_area: LivingArea | None
    parent_name: str | None
    previous_card_id: str | None
    next_card_id: str | None
    since: datetime
    event_id: str


class CardPage(_Answer):
    """The card to show on that day, and every other one, the one that began last first."""

    day: date
    card: CardAnswer | None
    others: list[CardAnswer]
    nothing_yet: BilingualAnswer | None


class CodeToShow(_Answer):
    """`payload` is to be shown as a QR code; a new one is due at `expires_at`."""

    payload: str
    expires_at: datetime


class ScannedCode(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    payload: Annotated[str, Field(min_length=1, max_length=_SCANNED_MAX_CHARACTERS)]


class HolderAnswer(_Answer):
    """Whom to compare with the person who shows the card."""

    full_name: str
    sex: Sex
    birth_date: date | None
    birth_year: int
    facility_code: str
    facility_name: str


class CardCheckAnswer(_Answer):
    """Whether the card is valid today. Of a card that is not, its holder is not told."""

    valid: bool
    state: CardState
    checked_at: datetime
    valid_from: date
    valid_to: date | None
    holder: HolderAnswer | None


def card_routes(*, access: Access, cards: RowHistory, checks: CardChecks, clock: Clock) -> APIRouter:
    router = APIRouter(prefix="/v1/participants/{who}/card", tags=["card"])

    @router.get("")
    async def read_card(who: Who, caller: AnyCaller, as_of: AsOf, opening_id: OpeningId = None) -> CardPage:
        """Return the card as the records said at `as_of`, with its state on that day."""
        participant_id = await access.admit(caller, who, "card", opening_id)
        known = cards_at(await cards.get(participant_id, as_of), as_of)
        return card_page(known, (as_of or clock.now()).astimezone(VIET_NAM).date())

    @router.get("/qr")
    async def read_code(who: Who, caller: AnyCaller) -> CodeToShow:
        """Return the code a facility scans. Only a card that is valid now has one, and only its holder or guardian."""
        if caller.kind == "staff":
            raise CallerNotAllowedError("a card is shown by its holder")
        code = await checks.code_of(await access.admit(caller, who, "card", None))
        return CodeToShow(payload=code.payload, expires_at=code.expires_at)

    return router


def card_check_routes(*, checks: CardChecks) -> APIRouter:
    router = APIRouter(prefix="/v1/public/card-checks", tags=["look-ups"])

    @router.post("")
    async def check_card(body: ScannedCode, _caller: AnyCaller) -> CardCheckAnswer:
        """Return whether the card behind a scanned code is valid now; for facilities, without an account."""
        checked = await checks.check(body.payload)
        return CardCheckAnswer(
            valid=checked.state == "valid",
            state=checked.state,
            checked_at=checked.at,
            valid_from=checked.held.card.valid_from,
            valid_to=checked.held.card.valid_to,
            holder=_holder(checked.held) if checked.state == "valid" else None,
        )

    return router


def card_page(known: list[tuple[StandingRow, HeldCard]], day: date) -> CardPage:
    """Return the cards, which come newest first, as they stand on `day`."""
    answers = [_card(known, index, day) for index in range(len(known))]
    shown = card_to_show((held for _, held in known), day)
    return CardPage(
        day=day,
        card=next((answer for answer in answers if shown is not None and answer.card_id == shown.card_id), None),
        others=[answer for answer in answers if shown is None or answer.card_id != shown.card_id],
        nothing_yet=None if answers else NO_CARD,
    )


def _card(known: list[tuple[StandingRow, HeldCard]], index: int, day: date) -> CardAnswer:
    """Return one of the cards, which come newest first; the one before it in time is the next in the list."""
    row, held = known[index]
    return CardAnswer(
        card_id=row.row_id,
        state=held.state_on(day),
        withdrawn_on=held.withdrawn_on,
        subject_code=held.card.subject_code,
        benefit_level=held.card.benefit_level,
        benefit_percent=held.card.benefit_percent,
        previous_card_id=known[index + 1][0].row_id if index + 1 < len(known) else None,
        next_card_id=known[index - 1][0].row_id if index else None,
        since=row.since,
        event_id=row.event_id,
        **held.card.model_dump(exclude={"replaces"}),
    )


def _holder(held: HeldCard) -> HolderAnswer:
    return HolderAnswer.model_validate({name: getattr(held.card, name) for name in HolderAnswer.model_fields})
