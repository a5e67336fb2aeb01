from collections.abc import Sequence
from datetime import datetime
from typing import Final, Generic, TypeVar

from prometheus_client import Counter

from notifications.providers.port import (
    Accepted,
    LookUp,
    NoAnswer,
    NotFound,
    NotProcessed,
    NoTrace,
    Provider,
    SendOutcome,
)

Parcel = TypeVar("Parcel")

_ORDER_OF_DOUBT: Final = (NoAnswer, NoTrace, NotFound)
_sends = Counter("ansinh_carrier_sends_total", "Hand-overs to carriers by outcome", ["provider", "outcome"])


class FailOver(Generic[Parcel]):
    """Carriers in order of preference. The next one is tried only if the one before surely did nothing."""

    def __init__(self, providers: Sequence[Provider[Parcel]]) -> None:
        if not providers:
            raise ValueError("at least one provider is needed")
        self._providers = tuple(providers)

    @property
    def name(self) -> str:
        return "+".join(provider.name for provider in self._providers)

    async def send(self, parcel: Parcel) -> SendOutcome:
        refusals: list[NotProcessed] = []
        for provider in self._providers:
            outcome = await provider.send(parcel)
            _sends.labels(provider.name, type(outcome).__name__).inc()
            if not isinstance(outcome, NotProcessed):
                return outcome
            refusals.append(outcome)
        return min(refusals, key=lambda refusal: refusal.retry_after_seconds)

    async def look_up(self, parcel: Parcel, *, since: datetime) -> LookUp:
        """Ask every carrier: one that has it settles the matter; else the most doubtful answer counts."""
        answers: list[LookUp] = []
        for provider in self._providers:
            answer = await provider.look_up(parcel, since=since)
            if isinstance(answer, Accepted):
                return answer
            answers.append(answer)
        return min(answers, key=lambda answer: _ORDER_OF_DOUBT.index(type(answer)))
