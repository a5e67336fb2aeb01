"""Refusals that all feeding shares. Codes are public; facts carry ids, never values."""

from collections.abc import Sequence
from typing import ClassVar, Never

from ansinh_kit.errors import NotFoundError, RefusedError


class StreamMovedError(RefusedError):
    """The participant was merged into `to`: the handler asks there. It reaches no caller."""

    code: ClassVar[str] = "participant_merged"

    def __init__(self, to: str) -> None:
        super().__init__("the participant was merged into another one")
        self.to = to


class RowNotFoundError(NotFoundError):
    """The participant has no such standing row."""

    code: ClassVar[str] = "row_not_found"


class RowContradictsError(RefusedError):
    """What a row is to become breaks `rule` beside the rows `row_ids` of the same participant."""

    code: ClassVar[str] = "row_contradicts"

    def __init__(self, rule: str, row_ids: Sequence[str]) -> None:
        super().__init__(f"the row cannot become this: {rule}")
        self.rule = rule
        self.row_ids = list(row_ids)


def nothing_follows(moved_to: str, *, closed_for: str | None) -> Sequence[Never]:
    """Return no event for the merge that moved the rows and comes again; all else is asked for at the survivor.

    Args:
        closed_for: The survivor, if the command is that merge.

    Raises:
        StreamMovedError: The command is another one.
    """
    if closed_for != moved_to:
        raise StreamMovedError(moved_to)
    return ()
