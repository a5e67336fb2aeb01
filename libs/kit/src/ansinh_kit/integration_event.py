"""The base of every integration event, and the mark for fields that only some services may read."""

from dataclasses import dataclass
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

Recipient = str


@dataclass(frozen=True, slots=True)
class SealedFor:
    """Marks a field that travels only as a JWE sealed to `recipients`; every other reader sees it absent."""

    recipients: tuple[Recipient, ...]

    def __init__(self, *recipients: Recipient) -> None:
        object.__setattr__(self, "recipients", recipients)


class IntegrationEvent(BaseModel):
    """A fact another service may build on. Readers ignore fields they do not know (`extra="ignore"`).

    `name` and `version` are the wire names: `registration.declaration_valid`, 1. `stream` groups events whose
    order matters: it is the aggregate's id, and the publisher keeps its order.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: ClassVar[str]
    version: ClassVar[int] = 1

    @classmethod
    def producer(cls) -> str:
        return cls.name.split(".", 1)[0]

    @classmethod
    def sealed_fields(cls) -> dict[str, tuple[Recipient, ...]]:
        """Return the sealed fields and who may read each."""
        return {
            name: mark.recipients
            for name, info in cls.model_fields.items()
            for mark in info.metadata
            if isinstance(mark, SealedFor)
        }
