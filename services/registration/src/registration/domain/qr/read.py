"""One way in for every scanned code."""

from registration.domain.qr.citizen_card import is_citizen_card, read_citizen_card
from registration.domain.qr.health_card import is_health_card, read_health_card
from registration.domain.qr.reading import CardReading, UnreadableQrError, split_fields


def read_card(payload: str) -> CardReading:
    """Return what a citizen card or health card says, field by field; damaged fields are named, not guessed.

    Raises:
        UnreadableQrError: The only thing it ever raises, whatever the payload.
    """
    fields = split_fields(payload)
    if is_citizen_card(fields):
        return read_citizen_card(fields)
    if is_health_card(fields):
        return read_health_card(fields)
    raise UnreadableQrError("unknown_card")
