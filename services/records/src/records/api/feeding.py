"""How feeders' rows go in, and how each is answered in its place."""

from typing import Annotated, Final, Generic, Literal, TypeVar

from ansinh_kit.http.rules import RuleTexts
from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field

from records.domain.feeding.outcome import RowOutcome, Verdict
from records.domain.feeding.values import Cell
from records.handlers.feeding import Fed, Sent

ROWS_MAX: Final = 200
RowId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]

Entry = TypeVar("Entry", bound=BaseModel)


class RowsBody(BaseModel, Generic[Entry]):
    """Rows of one participant. With `correction` a row takes the place of what it contradicts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    correction: bool = False
    rows: Annotated[list[Entry], Field(min_length=1, max_length=ROWS_MAX)]

    def sent(self) -> list[Sent[Entry]]:
        return [Sent(entry, self.correction) for entry in self.rows]


class BilingualAnswer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    vi: str
    en: str


class CellError(BaseModel):
    """Which cell breaks which rule; what was sent in it is not repeated."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    field: str
    rule: str
    message: BilingualAnswer
    way_out: BilingualAnswer | None = None


class RowAnswer(BaseModel):
    """What became of the row at `row`, counted from 0. `id` names it from now on; a refused row has none.

    `against` are the ids of the rows on record that stand against a refused row.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    row: int
    outcome: Verdict
    id: str | None
    errors: list[CellError]
    against: list[str]


class RowsAnswer(BaseModel):
    """`participant_id` is whose record it is: the survivor, if the one that was named has been merged."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    participant_id: str
    rows: list[RowAnswer]


class RowChanged(BaseModel):
    """`id` is the row that was corrected, in the record of `participant_id`: of the survivor after a merge."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    participant_id: str
    id: str


class ReasonBody(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    reason: Cell


class Withdrawn(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    status: Literal["withdrawn"] = "withdrawn"


class Reinstated(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    status: Literal["reinstated"] = "reinstated"


def rows_answer(fed: Fed, texts: RuleTexts) -> RowsAnswer:
    return RowsAnswer(participant_id=fed.participant_id, rows=[_row(outcome, texts) for outcome in fed.outcomes])


def _row(outcome: RowOutcome, texts: RuleTexts) -> RowAnswer:
    described = [texts.describe(broken.field, broken.rule, broken.limits) for broken in outcome.violations]
    return RowAnswer(
        row=outcome.index,
        outcome=outcome.verdict,
        id=outcome.row_id,
        errors=[CellError.model_validate(error) for error in described],
        against=list(outcome.against),
    )
