"""What happened to an account's link to an e-ID. In the stream `account-<account>`; the holder is told of each.

That somebody logged in with it is told by `session_opened`, entered by `e_id`.
"""

from datetime import datetime
from typing import ClassVar, Literal

from ansinh_contracts.language import Language
from ansinh_kit.events import DomainEvent, OptionalPersonalText, PersonalText

LinkedBy = Literal["holder", "log_in"]


class EIdChange(DomainEvent):
    """`change_id` names the change for whoever was told and objects; the contacts are those of that moment."""

    subject_field: ClassVar[str | None] = "person_id"

    account_id: str
    person_id: str
    change_id: str
    occurred_at: datetime
    language: Language
    full_name: PersonalText
    phone: PersonalText
    email: OptionalPersonalText = None
    second_phone: OptionalPersonalText = None
    objection_key: str | None = None


class EIdLinked(EIdChange):
    """This e-ID, and no other, logs in to the account: the provider knows the person by the same citizen number.

    `by` tells whether it was linked in a session or by the first log-in with it.
    """

    event_type: ClassVar[str] = "e_id_linked"

    issuer: str
    subject: PersonalText
    by: LinkedBy


class EIdUnlinked(EIdChange):
    """No e-ID logs in to the account until its holder links one again."""

    event_type: ClassVar[str] = "e_id_unlinked"


EIdEvent = EIdLinked | EIdUnlinked
E_ID_EVENTS: tuple[type[DomainEvent], ...] = (EIdLinked, EIdUnlinked)

_PREFIX = "e-id:"


def change_of(round_id: str) -> str:
    """Return the id of the one change that a round at the provider, or a request to unlink, may make."""
    return f"{_PREFIX}{round_id}"


def is_of_e_id(change_id: str) -> bool:
    return change_id.startswith(_PREFIX)
