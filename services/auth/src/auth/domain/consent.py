"""The terms of use and who has accepted them: which text, word for word, when, and on which kind of device (S-06)."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import ClassVar

from ansinh_contracts.auth import DeviceKind
from ansinh_contracts.language import Language
from ansinh_kit.decider import Decider
from ansinh_kit.errors import RefusedError
from ansinh_kit.events import DomainEvent
from pydantic import BaseModel, ConfigDict


@dataclass(frozen=True, slots=True)
class TermsText:
    """One text in one language. Its digest is that of its UTF-8 bytes: who accepts, accepts these very words."""

    language: Language
    text: str

    @property
    def digest(self) -> str:
        return sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Terms:
    """One version, named after the day from which it counts; its texts never change."""

    version: str
    texts: tuple[TermsText, ...]

    def in_language(self, language: Language) -> TermsText:
        return next(text for text in self.texts if text.language == language)

    def find(self, digest: str) -> TermsText | None:
        return next((text for text in self.texts if text.digest == digest), None)


class TermsAccepted(DomainEvent):
    """`digest` is the SHA-256 of the text that was shown, `device_kind` that of the session it was accepted in."""

    event_type: ClassVar[str] = "terms_accepted"

    account_id: str
    person_id: str
    terms_version: str
    digest: str
    language: Language
    device_kind: DeviceKind
    accepted_at: datetime


CONSENT_EVENTS: tuple[type[DomainEvent], ...] = (TermsAccepted,)


class AcceptTerms(BaseModel):
    """`current` are the terms that count now; what the person read is named by version and digest."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    account_id: str
    person_id: str
    terms_version: str
    digest: str
    device_kind: DeviceKind
    current: Terms
    now: datetime


class Consents(BaseModel):
    """What was accepted, oldest first; each version once."""

    model_config = ConfigDict(frozen=True)

    accepted: tuple[TermsAccepted, ...] = ()

    def to(self, version: str) -> TermsAccepted | None:
        return next((one for one in self.accepted if one.terms_version == version), None)


class TermsNotCurrentError(RefusedError):
    """The text that was read is not one of the version that counts now: it has to be read first."""

    code: ClassVar[str] = "terms_not_current"

    def __init__(self, current_version: str) -> None:
        super().__init__(current_version)
        self.current_version = current_version


def decide(command: AcceptTerms, state: Consents) -> list[TermsAccepted]:
    text = command.current.find(command.digest)
    if text is None or command.terms_version != command.current.version:
        raise TermsNotCurrentError(command.current.version)
    if state.to(command.terms_version) is not None:
        return []
    return [
        TermsAccepted(
            account_id=command.account_id,
            person_id=command.person_id,
            terms_version=command.terms_version,
            digest=text.digest,
            language=text.language,
            device_kind=command.device_kind,
            accepted_at=command.now,
        )
    ]


def evolve(state: Consents, event: TermsAccepted) -> Consents:
    return Consents(accepted=(*state.accepted, event))


CONSENTS: Decider[AcceptTerms, Consents, TermsAccepted] = Decider(Consents(), decide, evolve)


def stream_of(account_id: str) -> str:
    return f"consents-{account_id}"
