"""One open declaration per person: a reservation of both numbers decides, before anything is written (SEC-05)."""

from collections.abc import Iterable
from contextlib import AbstractAsyncContextManager
from typing import Final

from ansinh_kit.events import DomainEvent
from ansinh_kit.personal_data.blind_index import BlindIndex
from ansinh_kit.re_indexing import Number
from ansinh_kit.reservations import Key, Reservations

from registration.domain.declaration.events import FieldsCorrected, FormFilledIn
from registration.domain.form import Form

_SOCIAL_INSURANCE_NUMBER: Final = "open_declaration/social_insurance_number"
_IDENTITY: Final = "open_declaration/identity"


class OpenDeclarations:
    """Which declaration holds a person's numbers: from its sending until it is withdrawn, for good if it is valid.

    The numbers stand there as blind indexes, under every root key while these rotate.
    """

    def __init__(self, reservations: Reservations, blind_index: BlindIndex) -> None:
        self._reservations = reservations
        self._blind_index = blind_index

    def held(self, form: Form, *, declaration_id: str, commit_id: str) -> AbstractAsyncContextManager[None]:
        """Hold the person's numbers for this declaration while its commit is made.

        Raises:
            AlreadyReservedError: Another declaration has one of them; `owner` is its id.
        """
        return self._reservations.held(self._keys(form), owner=declaration_id, commit_id=commit_id)

    async def release(self, form: Form, *, declaration_id: str) -> None:
        """Give up the numbers of `form` that this declaration holds; those of others stay."""
        for scope, key in self._keys(form):
            await self._reservations.release(scope, key, owner=declaration_id)

    async def release_changed(self, earlier: Form, now: Form, *, declaration_id: str) -> None:
        """Give up the numbers of `earlier` that `now` no longer has."""
        for scope, key in set(self._keys(earlier)) - set(self._keys(now)):
            await self._reservations.release(scope, key, owner=declaration_id)

    def shared(self, one: Form, other: Form) -> bool:
        """Say whether the two forms name the same person, by either number."""
        return not set(self._keys(one)).isdisjoint(self._keys(other))

    def _keys(self, form: Form) -> list[Key]:
        return [(scope, index) for scope, number in _numbers(form) for index in self._blind_index.all_of(scope, number)]


def numbers_told(event: DomainEvent) -> Iterable[Number]:
    """Return what a declaration may hold since this event, as the new key of a rotation wants to know it."""
    match event:
        case FormFilledIn(form=Form() as form) | FieldsCorrected(form=Form() as form):
            return _numbers(form)
        case _:
            return ()


def _numbers(form: Form) -> Iterable[Number]:
    if form.social_insurance_number is not None:
        yield _SOCIAL_INSURANCE_NUMBER, form.social_insurance_number
    if form.identity is not None:
        yield _IDENTITY, form.identity.personal_number
