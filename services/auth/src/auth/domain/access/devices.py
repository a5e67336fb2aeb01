"""The holder's own devices, each known by a key that cannot leave it. Source: SES-10, ADR-0014."""

from typing import Final

from ansinh_kit.errors import NotFoundError

from auth.domain.access.commands import BindDevice, RemoveDevice
from auth.domain.access.factors import check_strong, session_in
from auth.domain.access.refusals import DeviceKeyNeededError, NotActiveError, OtherDeviceBoundError, TooManyDevicesError
from auth.domain.access.sessions import revoked
from auth.domain.access.state import Access, BoundDevice, Session
from auth.domain.access_events import AccessEvent, DeviceBound, DeviceRemoved

MOST_DEVICES: Final = 5


def bind_device(command: BindDevice, state: Access) -> list[AccessEvent]:
    session = session_in(state, command.session_epoch)
    if state.status != "active":
        raise NotActiveError
    if command.proven_by is None:
        raise DeviceKeyNeededError
    check_bindable(command.proven_by, session, state)
    return [
        DeviceBound(
            account_id=state.account_id,
            person_id=state.person_id,
            epoch=state.epoch + 1,
            occurred_at=command.now,
            thumbprint=command.proven_by,
            device_kind=command.kind,
            session_epoch=command.session_epoch,
            reopens_until=command.reopens_until,
        )
    ]


def check_bindable(thumbprint: str, session: Session, state: Access) -> None:
    """Return if this key could be bound in the session.

    Raises:
        OtherDeviceBoundError, TooManyDevicesError: It could not.
    """
    if session.device_thumbprint not in (None, thumbprint):
        raise OtherDeviceBoundError
    if state.device(thumbprint) is None and len(state.devices) >= MOST_DEVICES:
        raise TooManyDevicesError(MOST_DEVICES)


def remove_device(command: RemoveDevice, state: Access) -> list[AccessEvent]:
    """Take the device away; the session that is bound to it is over with it."""
    session = session_in(state, command.session_epoch)
    check_strong(session, command.proven_by, command.now)
    device = state.device(command.thumbprint)
    if device is None:
        raise NotFoundError
    removed = DeviceRemoved(
        account_id=state.account_id,
        person_id=state.person_id,
        epoch=state.epoch + 1,
        occurred_at=command.now,
        thumbprint=device.thumbprint,
        device_kind=device.kind,
    )
    ended = revoked(state, "logged_out", command.now) if session.device_thumbprint == device.thumbprint else []
    return [*ended, removed]


def devices_with(event: DeviceBound, state: Access) -> tuple[BoundDevice, ...]:
    bound = BoundDevice(
        thumbprint=event.thumbprint,
        kind=event.device_kind,
        bound_at=event.occurred_at,
        reopens_until=event.reopens_until,
    )
    return (*devices_without(event.thumbprint, state), bound)


def devices_without(thumbprint: str, state: Access) -> tuple[BoundDevice, ...]:
    return tuple(device for device in state.devices if device.thumbprint != thumbprint)


def session_bound(event: DeviceBound, state: Access) -> Session | None:
    """Return the present session, the bound device's own if it is the one in which the device was bound."""
    if state.session is None or state.session.epoch != event.session_epoch:
        return state.session
    return state.session.model_copy(update={"device_thumbprint": event.thumbprint})
