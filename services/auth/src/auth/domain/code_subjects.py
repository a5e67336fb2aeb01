"""What a one-time code is asked for: one small type per purpose, with what must still hold when the code is shown.

A subject is stored with its challenge, field by field, so its fields are what MongoDB stores: texts, numbers,
moments, and blobs of encrypted values. A new purpose adds its type here and to `CodePurpose`, and nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, ClassVar, Final, TypeVar, get_args

from ansinh_contracts.auth import CodePurpose, DeviceKind


@dataclass(frozen=True, slots=True)
class Activation:
    """The holder shows to be reachable before the first password is set."""

    purpose: ClassVar[CodePurpose] = "activation"
    life: ClassVar[timedelta] = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOver:
    """What the second device asked for: `epoch` is the state of the account it was warned about.

    `refused_before` counts the wrong passwords before the right one.
    """

    purpose: ClassVar[CodePurpose] = "take_over"
    life: ClassVar[timedelta] = timedelta(minutes=15)

    epoch: int
    device_kind: DeviceKind
    device_name: Mapping[str, Any] | None = field(default=None, repr=False)
    refused_before: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordChange:
    """What counts from the right code on; asked for in the session of `session_epoch`, and good in that one only.

    `needs_device`: the new password is too short to let anybody in without a bound device's key (LIM-01).
    """

    purpose: ClassVar[CodePurpose] = "password_change"
    life: ClassVar[timedelta] = timedelta(minutes=15)

    session_epoch: int
    password_hash: str = field(repr=False)
    needs_device: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ForcedPasswordChange:
    """The password of `password_epoch`, which somebody has shown, is marked as compromised: a newer one voids it."""

    purpose: ClassVar[CodePurpose] = "forced_password_change"
    life: ClassVar[timedelta] = timedelta(minutes=15)

    password_epoch: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """A forgotten password. `password_epoch` is that of the password it was asked for: a newer one voids it."""

    purpose: ClassVar[CodePurpose] = "recovery"
    life: ClassVar[timedelta] = timedelta(hours=24)

    password_epoch: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactChange:
    """One of the two codes of a change, asked for in the session of `session_epoch`.

    That of the new contact holds its `value`, encrypted, and names the other one, if there is one, by `proof_id`.
    """

    purpose: ClassVar[CodePurpose] = "contact_change"
    life: ClassVar[timedelta] = timedelta(minutes=15)

    session_epoch: int
    value: Mapping[str, Any] | None = field(default=None, repr=False)
    proof_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceBinding:
    """The device whose key the challenge is bound to is to be the holder's own, asked for in this session."""

    purpose: ClassVar[CodePurpose] = "device_binding"
    life: ClassVar[timedelta] = timedelta(minutes=15)

    session_epoch: int
    device_kind: DeviceKind
    device_name: Mapping[str, Any] | None = field(default=None, repr=False)


CodeSubject = Activation | TakeOver | PasswordChange | ForcedPasswordChange | Recovery | ContactChange | DeviceBinding
SubjectT = TypeVar("SubjectT", bound=CodeSubject)
SubjectT_co = TypeVar("SubjectT_co", bound=CodeSubject, covariant=True)
SUBJECTS: Final[Mapping[CodePurpose, type[CodeSubject]]] = {kind.purpose: kind for kind in get_args(CodeSubject)}
MAY_BE_DECOY: Final[frozenset[CodePurpose]] = frozenset({"activation", "recovery"})
"""Purposes that anyone may ask a code for: whoever has no account gets a challenge like any other, and no code."""
