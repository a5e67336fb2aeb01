"""The rules of linking: one e-ID an account, of the very citizen number the account was declared with (V-12)."""

from datetime import datetime
from typing import Any, ClassVar, assert_never

from ansinh_kit.errors import RefusedError
from pydantic import BaseModel, ConfigDict, Field

from auth.domain.contact_changes import NoHolderError
from auth.domain.e_id.events import EIdEvent, EIdLinked, EIdUnlinked, LinkedBy
from auth.domain.e_id.state import EIdLink, EIdState
from auth.domain.holder import Account, Holder


class CitizenNumberDiffersError(RefusedError):
    """The e-ID is of another citizen number than the account was declared with."""

    code: ClassVar[str] = "citizen_number_differs"


class OtherEIdLinkedError(RefusedError):
    """The account is linked to another e-ID, or this e-ID to another account."""

    code: ClassVar[str] = "other_e_id_linked"


class EIdSwitchedOffError(RefusedError):
    """The holder unlinked: a log-in links nothing any more."""

    code: ClassVar[str] = "e_id_switched_off"


class _Command(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    change_id: str
    now: datetime
    objection_key: str | None = None


class LinkEId(_Command):
    """The provider has just proved who this is; `by` tells whether in a session or for a log-in."""

    issuer: str
    subject: str = Field(repr=False)
    citizen_number: str = Field(repr=False)
    by: LinkedBy


class UnlinkEId(_Command):
    """The holder, in a session that showed enough, wants no e-ID to log in."""


EIdCommand = LinkEId | UnlinkEId


def decide_e_id(command: EIdCommand, state: Account) -> list[EIdEvent]:
    holder = state.holder
    if holder is None:
        raise NoHolderError
    match command:
        case LinkEId():
            return _linked(command, state.e_id, holder)
        case UnlinkEId():
            return [] if state.e_id.switched_off else [EIdUnlinked(**_told(command, holder))]
        case _:
            assert_never(command)


def _linked(command: LinkEId, state: EIdState, holder: Holder) -> list[EIdEvent]:
    if command.citizen_number != holder.identity_number:
        raise CitizenNumberDiffersError
    if state.switched_off and command.by == "log_in":
        raise EIdSwitchedOffError
    if state.link is not None:
        if not state.link.is_of(command.issuer, command.subject):
            raise OtherEIdLinkedError
        return []
    linked = EIdLinked(issuer=command.issuer, subject=command.subject, by=command.by, **_told(command, holder))
    return [linked]


def _told(command: EIdCommand, holder: Holder) -> dict[str, Any]:
    """Return who is told, on every contact there is, and by which change they can object."""
    return {
        "account_id": holder.account_id,
        "person_id": holder.person_id,
        "change_id": command.change_id,
        "occurred_at": command.now,
        "objection_key": command.objection_key,
        "language": holder.language,
        "full_name": holder.full_name,
        "phone": holder.phone,
        "email": holder.email,
        "second_phone": holder.value("second_phone"),
    }


def evolve_e_id(state: Account, event: EIdEvent) -> Account:
    match event:
        case EIdLinked():
            link = EIdLink(
                issuer=event.issuer,
                subject=event.subject,
                linked_at=event.occurred_at,
                change_id=event.change_id,
            )
            return state.model_copy(update={"e_id": EIdState(link=link)})
        case EIdUnlinked():
            return state.model_copy(update={"e_id": EIdState(switched_off=True)})
        case _:
            assert_never(event)
