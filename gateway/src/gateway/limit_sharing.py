"""What it takes for gateways to count together: a connection, a place at the broker, and the news (ADR-0028)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from ansinh_kit.messaging.broker import Broker
from ansinh_kit.messaging.fan_out import FanOut
from ansinh_kit.supervision import Work, repeatedly

from gateway.shared_limits import SharedLimits

# The broker's user of the gateway may declare, write and read what begins with its name, and nothing else.
_FAN_OUT: Final = "gateway.limits"


def limit_fan_out(broker: Broker, *, member: str) -> FanOut:
    return FanOut(broker, _FAN_OUT, member=member)


@dataclass(frozen=True, slots=True)
class LimitSharing:
    """The parts, and the background work that keeps them going.

    None of it belongs into readiness: a gateway that counts alone for a while serves as well as ever, and one after the
    other unready because of the broker would be an outage made of nothing.
    """

    broker: Broker
    fan_out: FanOut
    limits: SharedLimits
    every_seconds: float

    @property
    def background(self) -> Mapping[str, Work]:
        return {
            "limit_news_connection": self.broker.run,
            "limit_news_heard": partial(self.fan_out.run, self.limits.hear),
            "limit_news_told": partial(repeatedly, self.limits.tell, every_seconds=self.every_seconds),
        }
