"""Why a dispute says no."""

from datetime import datetime
from typing import ClassVar

from ansinh_kit.errors import NotFoundError, RefusedError

from records.domain.dispute.matter import Outcome


class DisputeNotFoundError(NotFoundError):
    """There is none, or it is another person's or another agency's. All look the same."""

    code: ClassVar[str] = "dispute_not_found"


class DisputeSettledError(RefusedError):
    """The dispute is over; a new one may be opened."""

    code: ClassVar[str] = "dispute_settled"

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(f"the dispute was settled: {outcome}")
        self.outcome = outcome


class DisputeAlreadyOpenedError(RefusedError):
    code: ClassVar[str] = "dispute_already_opened"


class DisputeTakenError(RefusedError):
    """A colleague is in charge; only an escalated dispute passes to the provincial office."""

    code: ClassVar[str] = "dispute_taken"


class NotInChargeError(RefusedError):
    """Only the officer in charge answers and settles: take the dispute first."""

    code: ClassVar[str] = "dispute_not_in_charge"


class NotOverdueError(RefusedError):
    """The agency still has until `due_at`."""

    code: ClassVar[str] = "dispute_not_overdue"

    def __init__(self, due_at: datetime) -> None:
        super().__init__("the answer is not overdue")
        self.due_at = due_at
