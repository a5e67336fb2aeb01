"""What the code screen shows of a code that was asked for (U-02)."""

from ansinh_kit.clock import Clock
from ansinh_kit.errors import NotFoundError

from auth.domain.code_subjects import MAY_BE_DECOY
from auth.domain.one_time_codes import CodeRules
from auth.handlers.sent_codes import ShownCode
from auth.storage.deliveries import Deliveries


class CodeScreen:
    def __init__(self, *, deliveries: Deliveries, rules: CodeRules, clock: Clock) -> None:
        self._deliveries = deliveries
        self._rules = rules
        self._clock = clock

    async def show(self, challenge_id: str) -> ShownCode:
        """Return where the newest code of an open challenge is, and when it may be asked for again (U-02).

        Raises:
            NotFoundError: There is no such challenge, or it is over.
        """
        now = self._clock.now()
        found = await self._deliveries.find(challenge_id)
        if found is None or not found.challenge.is_open(now):
            raise NotFoundError
        # Of these purposes there are decoys: whether an SMS arrived would tell whether there is an account (OTC-10).
        tells = found.challenge.purpose not in MAY_BE_DECOY
        at = self._rules.next_sending_at(sendings=found.challenge.sendings, last_sent_at=found.challenge.sent_at)
        held_back_until = found.retry_at if tells else None
        return ShownCode(
            challenge_id=challenge_id,
            purpose=found.challenge.purpose,
            channel=found.challenge.channel,
            masked_target=found.masked_target if tells else None,
            delivery=found.delivery if tells else None,
            held_back_until=held_back_until,
            expires_at=found.expires_at,
            next_sending_at=max(at or now, held_back_until or now),
            now=now,
        )
