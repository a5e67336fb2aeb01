"""A member of staff is what the roster says; whoever is in when it says something else is out at once (SES-12)."""

from ansinh_contracts.auth import SessionEnd

from auth.domain.access.commands import SetRights
from auth.domain.access.sessions import revoked
from auth.domain.access.state import Access
from auth.domain.access_events import AccessEvent, RightsSet


def set_rights(command: SetRights, state: Access) -> list[AccessEvent]:
    if command.revision <= state.rights_revision:
        return []
    applied = RightsSet(
        account_id=state.account_id,
        person_id=state.person_id,
        epoch=state.epoch + 1,
        occurred_at=command.now,
        revision=command.revision,
        status=command.status,
        roles=command.roles,
        agency_code=command.agency_code,
    )
    return [*revoked(state, _why_the_session_ends(command, state), command.now), applied]


def _why_the_session_ends(command: SetRights, state: Access) -> SessionEnd:
    if command.status == "suspended":
        return "suspended"
    is_other = (command.status, command.roles, command.agency_code) != (state.status, state.roles, state.agency_code)
    return "rights_changed" if is_other else "ended_by_staff"


def rights_of(event: RightsSet, state: Access) -> dict[str, object]:
    """Return what is changed in the state. A lock stays, unless there is nothing behind it to be entered.

    Whoever has to join anew keeps no key of before.
    """
    rights = {"roles": event.roles, "agency_code": event.agency_code, "rights_revision": event.revision}
    if state.lock is not None and event.status == "active":
        return {**rights, "lock": state.lock.model_copy(update={"before": "active"})}
    keys = {"devices": (), "passkeys": ()} if event.status == "opened" else {}
    return {**rights, **keys, "status": event.status, "lock": None}
