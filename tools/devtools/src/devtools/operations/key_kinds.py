"""Which keys there are: who makes with them, who accepts, and what older ones are still needed for."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from devtools.system.topology import SERVICES

_EDGE: Final = ("gateway",)


@dataclass(frozen=True)
class KeyKind:
    """One purpose of keys.

    Attributes:
        file: The name of a service's list among the secrets.
        services: Who has such keys.
        makers: Who makes with the newest key of a service's list. The service itself accepts with all of them.
        rewrite: What the service's own command line has to do before older keys can go.
        in_use: What the service's `keys in-use` counts that older keys of this kind still hold, and how each ends.
        good_for: How long at most what a key made is accepted, where nobody keeps count of it.
    """

    file: str
    services: tuple[str, ...]
    makers: Callable[[str], tuple[str, ...]]
    rewrite: str | None = None
    in_use: tuple[tuple[str, str], ...] = ()
    good_for: timedelta | None = None


def _itself(service: str) -> tuple[str, ...]:
    return (service,)


def _the_others(service: str) -> tuple[str, ...]:
    return tuple(name for name in SERVICES if name != service)


KINDS: Final[dict[str, KeyKind]] = {
    "signing": KeyKind("{service}_assertion_keys", SERVICES, lambda _: _EDGE),
    "sealing": KeyKind("{service}_sealing_private_key", SERVICES, _the_others),
    "wrapping": KeyKind("{service}_wrapping_keys", SERVICES, _itself, rewrite="re-wrap"),
    "blind-index": KeyKind(
        "{service}_blind_index_keys",
        ("auth", "registration", "records"),
        _itself,
        rewrite="re-index",
        in_use=(
            ("objections", "they end with the time to object"),
            ("repeats", "a request may be repeated for a day"),
        ),
    ),
    # Notifications counts by its index and looks nobody up: nothing stands under an older key but counters.
    "budget-index": KeyKind("{service}_blind_index_keys", ("notifications",), _itself),
    "peppers": KeyKind(
        "{service}_password_peppers",
        ("auth",),
        _itself,
        in_use=(("passwords", "each comes under the new one when its holder next logs in"),),
    ),
    "codes": KeyKind("{service}_code_keys", ("auth",), _itself, in_use=(("codes", "they die within minutes"),)),
    # A code is on somebody's screen and nowhere else; it cannot be set to live longer.
    "card-codes": KeyKind("{service}_card_code_keys", ("records",), _itself, good_for=timedelta(minutes=15)),
}
