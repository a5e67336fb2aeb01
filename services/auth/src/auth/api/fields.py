"""The forms of what people type in, each with the name of the rule it breaks."""

import re
from collections.abc import Callable
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, StringConstraints
from pydantic_core import PydanticCustomError, PydanticKnownError

from auth.domain.passwords import LONGEST, normalised
from auth.domain.staff import USER_NAME_PATTERN

_LONGEST_TYPED_PASSWORD: Final = 1024
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def _matches(rule: str, pattern: str) -> Callable[[str], str]:
    compiled = re.compile(pattern, re.ASCII)

    def check(value: str) -> str:
        if not compiled.fullmatch(value):
            raise PydanticCustomError(rule, "has another form")
        return value

    return check


def without_control_characters(value: str) -> str:
    if _CONTROL.search(value):
        raise PydanticCustomError("wrong_form", "has control characters")
    return value


def _no_longer_than_any_password(value: SecretStr) -> SecretStr:
    # Said before anything is hashed (LIM-02); a longer one can be nobody's.
    if len(normalised(value.get_secret_value())) > LONGEST:
        raise PydanticKnownError("string_too_long", {"max_length": LONGEST})
    return value


UserName = Annotated[
    str, StringConstraints(strip_whitespace=True), AfterValidator(_matches("user_name", r"\d{10}|\d{12}"))
]
SocialInsuranceNumber = Annotated[
    str, StringConstraints(strip_whitespace=True), AfterValidator(_matches("social_insurance_number", r"\d{10}"))
]
DossierNumber = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=64),
    AfterValidator(without_control_characters),
]
StaffName = Annotated[str, StringConstraints(strip_whitespace=True, pattern=f"^{USER_NAME_PATTERN}$")]
OneTimeCode = Annotated[
    str, StringConstraints(strip_whitespace=True), AfterValidator(_matches("one_time_code", r"\d{6}"))
]
IdentityNumber = Annotated[
    str, StringConstraints(strip_whitespace=True), AfterValidator(_matches("identity_number", r"[A-Za-z0-9]{6,16}"))
]
CopiedCode = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=64),
    AfterValidator(_matches("wrong_form", r"[0-9A-Za-z /.-]+")),
]
"""A longer code that people copy from paper or a message, with whatever separates its groups."""
SavedCode = CopiedCode
CounterReference = Annotated[CopiedCode, StringConstraints(max_length=32)]
RecoveryToken = Annotated[str, StringConstraints(pattern=r"^rec_[A-Za-z0-9_-]{43}$")]
ActivationToken = Annotated[str, StringConstraints(pattern=r"^act_[A-Za-z0-9_-]{43}$")]
ChallengeId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
Password = Annotated[
    SecretStr,
    Field(min_length=1, max_length=_LONGEST_TYPED_PASSWORD),
    AfterValidator(_no_longer_than_any_password),
]


DeviceName = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=64),
    AfterValidator(without_control_characters),
]


class Body(BaseModel):
    """A request's body: fields it does not name are refused (SEC-10)."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class DeviceBody(Body):
    """The device as its holder would call it; phones, tablets and desktop browsers all count (S-54)."""

    kind: Literal["phone", "tablet", "desktop"]
    name: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=64),
        AfterValidator(without_control_characters),
    ]
