"""How the provider misbehaves: a test, or a person who tries things out, orders it for the next answers."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Place = Literal["description", "keys", "token"]
WayKind = Literal[
    "wrong_nonce",
    "no_nonce",
    "wrong_audience",
    "more_audiences",
    "wrong_party",  # `azp` names another client
    "wrong_issuer",
    "expired",
    "old",  # made long ago, still not expired
    "future",
    "unsigned",  # alg none
    "symmetric",  # signed with HS256 and what everybody knows
    "other_key",  # signed by a key that is not the one it names
    "unknown_key",  # names a key that is not in the key set
    "key_in_header",  # brings its own key along
    "no_key_id",
    "low_level",
    "no_level",
    "stale",  # the person showed the e-ID an hour ago
    "no_time",
    "no_number",
    "other_subject",
    "garbled_token",
    "no_token",
    "code_refused",
    "slow",
    "server_error",
    "redirected",
    "oversized",
    "garbage",
    "other_issuer_described",
    "foreign_endpoint",
    "no_pkce",
]


class Way(BaseModel):
    """An order. `times` 0 means until it is taken back; `seconds` is how late a slow answer comes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: WayKind
    place: Place = "token"
    times: Annotated[int, Field(ge=0, le=100_000)] = 1
    seconds: Annotated[float, Field(ge=0, le=600)] = 60.0


@dataclass
class _Order:
    way: Way
    left: int


class Ways:
    """The orders, oldest first. Taking one counts it down."""

    def __init__(self) -> None:
        self._orders: list[_Order] = []

    def add(self, way: Way) -> None:
        self._orders.append(_Order(way, way.times))

    def clear(self) -> None:
        self._orders.clear()

    def take(self, place: Place) -> Way | None:
        for order in self._orders:
            if order.way.place == place:
                self._count_down(order)
                return order.way
        return None

    def _count_down(self, order: _Order) -> None:
        if order.way.times == 0:
            return
        order.left -= 1
        if order.left == 0:
            self._orders.remove(order)
