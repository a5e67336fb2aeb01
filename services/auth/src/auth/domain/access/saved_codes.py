"""Which saved recovery codes are good: a new list voids the one before, and each place counts once."""

from auth.domain.access.commands import MakeSavedCodes
from auth.domain.access.refusals import NotActiveError
from auth.domain.access.state import Access
from auth.domain.access_events import AccessEvent, SavedCodesMade


def make_saved_codes(command: MakeSavedCodes, state: Access) -> list[AccessEvent]:
    if state.status != "active":
        raise NotActiveError
    return [
        SavedCodesMade(
            account_id=state.account_id,
            person_id=state.person_id,
            epoch=state.epoch + 1,
            occurred_at=command.now,
            count=command.count,
        )
    ]


def without(place: int | None, state: Access) -> tuple[int, ...]:
    """Return the places that are good once this one was used."""
    return tuple(good for good in state.saved_codes if good != place)
