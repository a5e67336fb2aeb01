"""Refusals that all feeding shares. Codes are public; facts carry ids, never values."""

from typing import ClassVar

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
