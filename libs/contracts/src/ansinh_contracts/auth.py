"""What the auth service tells the others about accounts, codes and sessions."""

from datetime import datetime
from typing import Annotated, ClassVar, Literal

from ansinh_kit.integration_event import IntegrationEvent, SealedFor
from pydantic import BaseModel, ConfigDict

from ansinh_contracts.language import Language

CodePurpose = Literal[
    "activation",
    "take_over",
    "password_change",
    "forced_password_change",
    "recovery",
    "contact_change",
    "device_binding",
]
DeviceKind = Literal["phone", "tablet", "desktop", "unknown"]
SessionEnd = Literal[
    "replaced",
    "logged_out",
    "password_changed",
    "contact_changed",
    "locked",
    "expired",
    "reopened",
    "suspended",
    "rights_changed",
    "ended_by_staff",
]
IntegratorScope = Literal["profile", "secrets"]
ContactSlot = Literal["phone", "email", "second_phone"]
LockedBy = Literal["holder", "staff"]
LockReason = Literal["lost_device", "unknown_use", "holder_asked", "fraud", "other"]
UnlockReason = Literal["holder_identified", "locked_by_mistake", "inquiry_closed", "other"]
CompromiseReason = Literal["found_in_leak", "told_to_others", "phishing", "other"]
RecoveryReason = Literal["password_and_codes_lost", "phone_lost", "phone_stolen", "other"]
PaperSeen = Literal["citizen_id", "legacy_id", "passport"]
RecoveryWay = Literal["saved_code", "device_key", "counter"]


class AccountContact(BaseModel):
    """How to reach the account holder. `phone` is E.164 (+84…)."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    full_name: str
    phone: str
    email: str | None = None
    second_phone: str | None = None


class _AccountEvent(IntegrationEvent):
    account_id: str
    person_id: str
    occurred_at: datetime


class AccountOpenedV1(_AccountEvent):
    """An account exists and waits for its holder to activate it. No secret is in here: see `SecretMessageV1`."""

    name: ClassVar[str] = "auth.account_opened"

    declaration_id: str
    dossier_number: str
    language: Language
    contact: Annotated[AccountContact | None, SealedFor("notifications")] = None


class AccountActivatedV1(_AccountEvent):
    """The holder proved to be reachable and set a password: the account can log in."""

    name: ClassVar[str] = "auth.account_activated"

    declaration_id: str


class SessionOpenedV1(_AccountEvent):
    """A device is now the account's one device. `epoch` grows by one with every change of the session."""

    name: ClassVar[str] = "auth.session_opened"

    epoch: int
    device_kind: DeviceKind


class SessionRevokedV1(_AccountEvent):
    """The session of `epoch` is over. If it was replaced, the new device's kind says by what."""

    name: ClassVar[str] = "auth.session_revoked"

    epoch: int
    reason: SessionEnd
    new_device_kind: DeviceKind | None = None
    language: Language = "vi"
    contact: Annotated[AccountContact | None, SealedFor("notifications")] = None
    objection_code: Annotated[str | None, SealedFor("notifications")] = None


class PasswordChangedV1(_AccountEvent):
    """The account's password is a new one; all other sessions have ended."""

    name: ClassVar[str] = "auth.password_changed"

    language: Language
    contact: Annotated[AccountContact | None, SealedFor("notifications")] = None
    objection_code: Annotated[str | None, SealedFor("notifications")] = None


class PasswordMarkedCompromisedV1(_AccountEvent):
    """Others may know the account's password: all sessions have ended, and it opens none until it is another one."""

    name: ClassVar[str] = "auth.password_marked_compromised"

    reason: CompromiseReason
    language: Language
    contact: Annotated[AccountContact | None, SealedFor("notifications")] = None


class ContactChangedV1(_AccountEvent):
    """Another phone or address counts for the account from now on; `contact` is all of them, as they are now.

    `taken_back`: somebody objected; the contact before counts again, and the account is locked until an agency has
    cleared it. `earlier` counted until now, and is told as well. With `objection_code` whoever was told can take the
    change back, once; it is absent if there is nothing to object to.
    """

    name: ClassVar[str] = "auth.contact_changed"

    change_id: str
    slot: ContactSlot
    taken_back: bool
    language: Language
    contact: Annotated[AccountContact | None, SealedFor("notifications", "records")] = None
    earlier: Annotated[str | None, SealedFor("notifications")] = None
    objection_code: Annotated[str | None, SealedFor("notifications")] = None


class AccountLockedV1(_AccountEvent):
    """Nobody enters the account any more, and whoever was in is out."""

    name: ClassVar[str] = "auth.account_locked"

    by: LockedBy
    reason: str
    language: Language
    contact: Annotated[AccountContact | None, SealedFor("notifications")] = None


class AccountUnlockedV1(_AccountEvent):
    """The account can be entered again, as before it was locked."""

    name: ClassVar[str] = "auth.account_unlocked"

    language: Language
    contact: Annotated[AccountContact | None, SealedFor("notifications")] = None
    objection_code: Annotated[str | None, SealedFor("notifications")] = None


class RecoveryApprovedV1(_AccountEvent):
    """An officer has seen the holder's paper and let a new password be set between `opens_at` and `ends_at`.

    Earlier only together with a code sent to a contact on file. Whoever did not ask for it objects until then.
    """

    name: ClassVar[str] = "auth.recovery_approved"

    recovery_id: str
    agency_code: str
    opens_at: datetime
    ends_at: datetime
    language: Language
    contact: Annotated[AccountContact | None, SealedFor("notifications")] = None
    objection_code: Annotated[str | None, SealedFor("notifications")] = None


class RecoveryWithdrawnV1(_AccountEvent):
    """What an officer approved counts no more: a session of the holder took it back, or staff did."""

    name: ClassVar[str] = "auth.recovery_withdrawn"

    recovery_id: str
    by: LockedBy
    language: Language
    contact: Annotated[AccountContact | None, SealedFor("notifications")] = None


class PasswordRecoveredV1(_AccountEvent):
    """A forgotten password was replaced; all sessions have ended."""

    name: ClassVar[str] = "auth.password_recovered"

    way: RecoveryWay
    language: Language
    contact: Annotated[AccountContact | None, SealedFor("notifications")] = None
    objection_code: Annotated[str | None, SealedFor("notifications")] = None


class SavedCodesMadeV1(_AccountEvent):
    """The holder has a new list of saved recovery codes; the list before it is void."""

    name: ClassVar[str] = "auth.saved_codes_made"

    count: int
    language: Language
    contact: Annotated[AccountContact | None, SealedFor("notifications")] = None
    objection_code: Annotated[str | None, SealedFor("notifications")] = None


class _ToldEvent(_AccountEvent):
    """Its holder hears of it on every contact."""

    language: Language
    contact: Annotated[AccountContact | None, SealedFor("notifications")] = None
    objection_code: Annotated[str | None, SealedFor("notifications")] = None


class DeviceBoundV1(_ToldEvent):
    """A device's key lets in together with the password now, or does so for longer."""

    name: ClassVar[str] = "auth.device_bound"

    device_kind: DeviceKind


class DeviceRemovedV1(_ToldEvent):
    """A device's key counts for nothing any more."""

    name: ClassVar[str] = "auth.device_removed"

    device_kind: DeviceKind


class PasskeyAddedV1(_ToldEvent):
    """A passkey lets in now."""

    name: ClassVar[str] = "auth.passkey_added"


class PasskeyRemovedV1(_ToldEvent):
    name: ClassVar[str] = "auth.passkey_removed"


class EIdLinkedV1(_ToldEvent):
    """An e-ID logs in to the account now: linked in a session, or by the first log-in with it."""

    name: ClassVar[str] = "auth.e_id_linked"

    by: Literal["holder", "log_in"]


class EIdUnlinkedV1(_ToldEvent):
    """No e-ID logs in to the account any more."""

    name: ClassVar[str] = "auth.e_id_unlinked"


class SecretMessageV1(IntegrationEvent):
    """A request to send a secret, once, before it dies. Not an event of the log: it exists on its queue only.

    `secret` is a code of six digits (SMS) or an activation link's token (e-mail). Dead after `expires_at`.
    """

    name: ClassVar[str] = "auth.secret_message"

    message_id: str
    challenge_id: str
    purpose: CodePurpose
    channel: Literal["sms", "email"]
    language: Language
    expires_at: datetime
    target: Annotated[str | None, SealedFor("notifications")] = None
    secret: Annotated[str | None, SealedFor("notifications")] = None
