"""A row as it is sent, before anything in it is checked."""

from pydantic import BaseModel, ConfigDict

from records.domain.feeding.values import Cell


class RowEntry(BaseModel):
    """Base of the entries of one kind of row; an empty cell stands for nothing.

    `corrects` is the id of the row it is to take the place of, where what that one is known by was wrong.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    corrects: Cell = ""

    @property
    def corrected_id(self) -> str | None:
        return self.corrects.strip() or None
