"""Passkeys: which of them let the holder in. What they look like on the wire is `domain.passkeys`. Source: U-10."""

from typing import Final

from ansinh_kit.errors import NotFoundError

from auth.domain.access.commands import AddPasskey, RemovePasskey
from auth.domain.access.factors import check_strong, session_in
from auth.domain.access.refusals import NotActiveError, PasskeyAlreadyAddedError, TooManyPasskeysError
from auth.domain.access.state import Access, Passkey
from auth.domain.access_events import AccessEvent, PasskeyAdded, PasskeyRemoved

MOST_PASSKEYS: Final = 10


def add_passkey(command: AddPasskey, state: Access) -> list[AccessEvent]:
    check_strong(session_in(state, command.session_epoch), command.proven_by, command.now)
    if state.status != "active":
        raise NotActiveError
    if any(passkey.passkey_id == command.passkey_id for passkey in state.passkeys):
        raise PasskeyAlreadyAddedError
    if len(state.passkeys) >= MOST_PASSKEYS:
        raise TooManyPasskeysError(MOST_PASSKEYS)
    return [
        PasskeyAdded(
            account_id=state.account_id,
            person_id=state.person_id,
            epoch=state.epoch + 1,
            occurred_at=command.now,
            passkey_id=command.passkey_id,
        )
    ]


def remove_passkey(command: RemovePasskey, state: Access) -> list[AccessEvent]:
    check_strong(session_in(state, command.session_epoch), command.proven_by, command.now)
    if all(passkey.passkey_id != command.passkey_id for passkey in state.passkeys):
        raise NotFoundError
    return [
        PasskeyRemoved(
            account_id=state.account_id,
            person_id=state.person_id,
            epoch=state.epoch + 1,
            occurred_at=command.now,
            passkey_id=command.passkey_id,
        )
    ]


def passkeys_with(event: PasskeyAdded, state: Access) -> tuple[Passkey, ...]:
    return (*state.passkeys, Passkey(passkey_id=event.passkey_id, added_at=event.occurred_at))


def passkeys_without(passkey_id: str, state: Access) -> tuple[Passkey, ...]:
    return tuple(passkey for passkey in state.passkeys if passkey.passkey_id != passkey_id)
