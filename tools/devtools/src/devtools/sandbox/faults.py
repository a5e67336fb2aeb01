"""Faults on order: a test says which provider misbehaves how, for whom and how often."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

FaultKind = Literal[
    "refused",  # 4xx, or SMTP 550: this message will never be taken
    "rate_limited",  # 429, or SMTP 451
    "server_error",  # 500, or SMTP 451
    "garbage",  # an answer nobody can read
    "hang_before_acceptance",  # no answer, and the message was not taken
    "hang_after_acceptance",  # no answer, although the message was taken: the outcome is unknown to the sender
    "slow",  # the right answer, late
    "not_delivered",  # taken, and reported as failed later (SMS)
    "no_report",  # taken, and no delivery report follows (SMS)
    "forged_report",  # the delivery report carries a wrong signature (SMS)
]


class Fault(BaseModel):
    """An order as posted to `/api/faults`. `to` empty means everybody; `times` 0 means until it is deleted."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    channel: Literal["sms", "email"]
    kind: FaultKind
    to: str = ""
    times: Annotated[int, Field(ge=0, le=100_000)] = 1
    seconds: Annotated[float, Field(ge=0, le=600)] = 60.0
    code: int | None = None


@dataclass
class _Order:
    fault: Fault
    left: int


class Faults:
    """The orders, oldest first. Taking one counts it down."""

    def __init__(self) -> None:
        self._orders: list[_Order] = []

    def add(self, fault: Fault) -> None:
        self._orders.append(_Order(fault, fault.times))

    def take(self, channel: str, to: str) -> Fault | None:
        """Return the fault this message meets, if any."""
        for order in self._orders:
            if order.fault.channel == channel and order.fault.to in {"", to}:
                self._count_down(order)
                return order.fault
        return None

    def pending(self) -> list[Fault]:
        return [order.fault.model_copy(update={"times": order.left}) for order in self._orders]

    def clear(self) -> None:
        self._orders.clear()

    def _count_down(self, order: _Order) -> None:
        if order.fault.times == 0:
            return
        order.left -= 1
        if order.left == 0:
            self._orders.remove(order)
