"""A forgotten password, begun: whoever asks gets the same answer, and the work comes after it (OTC-07, OTC-10)."""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from ansinh_contracts.auth import ContactSlot
from ansinh_contracts.session_check import hash_token
from ansinh_kit.clock import Clock, IdGenerator
from ansinh_kit.throttling.mongo import Throttles

from auth.domain.recoveries import RecoveryRules, new_reference
from auth.handlers.tokens import new_recovery_token
from auth.storage.identities import Identities
from auth.storage.recoveries import AskedRecovery, RecoveryDocuments


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryRequest:
    """`slot` is the contact on file to which a code is to go, if the numbers are one person's."""

    social_insurance_number: str = field(repr=False)
    identity_number: str = field(repr=False)
    slot: ContactSlot
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StartedRecovery:
    """The same for everyone. `token` is shown here once: only the device that has it can complete the recovery.

    `reference` is what the holder shows at a counter. Before `next_start_at` the same numbers are refused.
    """

    recovery_id: str
    token: str = field(repr=False)
    reference: str
    expires_at: datetime
    next_start_at: datetime


class StartRecovery:
    """Writes down what was asked for and rings the bell; nothing is looked up before the answer.

    Args:
        bell: Set for each start: `PrepareRecoveries` of this process waits for it.
    """

    def __init__(
        self,
        *,
        documents: RecoveryDocuments,
        identities: Identities,
        throttles: Throttles,
        rules: RecoveryRules,
        bell: asyncio.Event,
        clock: Clock,
        ids: IdGenerator,
        below: Callable[[int], int] = secrets.randbelow,
    ) -> None:
        self._documents = documents
        self._identities = identities
        self._throttles = throttles
        self._rules = rules
        self._bell = bell
        self._clock = clock
        self._ids = ids
        self._below = below

    async def __call__(self, request: RecoveryRequest) -> StartedRecovery:
        """Return the recovery; a code may follow, and nothing here says whether.

        Raises:
            TooManyAttemptsError: Too often for these numbers, anybody's or nobody's, or from this address.
        """
        await self._admit(request)
        now, token = self._clock.now(), new_recovery_token()
        asked = AskedRecovery(
            recovery_id=self._ids.new_id(),
            token_hash=hash_token(token),
            reference=new_reference(self._below),
            slot=request.slot,
            number=self._identities.of_insurance_number(request.social_insurance_number),
            identity=self._identities.of_any_identity(request.identity_number),
            asked_at=now,
            ends_at=now + self._rules.life,
        )
        await self._documents.open(asked)
        self._bell.set()
        return StartedRecovery(
            recovery_id=asked.recovery_id,
            token=token,
            reference=asked.reference,
            expires_at=asked.ends_at,
            next_start_at=now + self._rules.pause,
        )

    async def _admit(self, request: RecoveryRequest) -> None:
        now = self._clock.now()
        pair = f"{request.social_insurance_number}|{request.identity_number.upper()}"
        by_address = f"recovery-from:{self._identities.blind('address', request.address)}"
        by_pair = f"recovery:{self._identities.blind('recovery', pair)}"
        await self._throttles.admit(by_address, self._rules.per_address, now)
        await self._throttles.admit(by_pair, self._rules.per_person, now)
