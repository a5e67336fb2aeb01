"""What parked messages still hold of people who were forgotten: sealed fields, which the service's own key opens.

Parked messages outlive the person's keys, and one may come to be parked when these are gone already: so the parking is
looked through again and again, not only when somebody is forgotten. Source: PII-06.
"""

from collections.abc import Sequence
from typing import Final

import structlog

from ansinh_kit.messaging.envelope import Envelope, UnreadableError, read_envelope
from ansinh_kit.messaging.parking import ParkedMessage, Parking
from ansinh_kit.personal_data.cipher import PersonalDataCipher

LOOK_EVERY_SECONDS: Final = 10.0
_PAGE: Final = 100

log = structlog.get_logger(__name__)


class ParkedRemains:
    """Takes the sealed fields out of messages about forgotten people.

    The messages stay and can be replayed: handlers see what they would be told of an erased person. A message that
    cannot be read is left as it is.
    """

    def __init__(self, parking: Parking, cipher: PersonalDataCipher) -> None:
        self._parking = parking
        self._cipher = cipher

    async def remove(self) -> None:
        """Look through everything that is parked, once.

        Raises:
            UnavailableError: Database or keyring did not answer; the rest is left for the next time.
        """
        after_id = ""
        while page := await self._parking.with_sealed_fields(after_id=after_id, limit=_PAGE):
            await self._remove_from(page)
            after_id = page[-1].parked_id

    async def _remove_from(self, page: Sequence[ParkedMessage]) -> None:
        envelopes = {message.parked_id: envelope for message in page if (envelope := _read(message)) is not None}
        ids = {each: envelope.unsealed_ids() for each, envelope in envelopes.items()}
        forgotten = await self._cipher.forgotten_among(sorted(frozenset[str]().union(*ids.values())))
        for parked_id, envelope in envelopes.items():
            if not forgotten.isdisjoint(ids[parked_id]):
                await self._parking.replace_body(parked_id, envelope.without_sealed_fields().to_bytes())
                log.info("parked_message_emptied", parked_id=parked_id)


def _read(message: ParkedMessage) -> Envelope | None:
    try:
        return read_envelope(message.body)
    except UnreadableError:
        return None
