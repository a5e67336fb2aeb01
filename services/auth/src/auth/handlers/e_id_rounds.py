"""One round at the identity provider: begun by a client, finished by the same one, once (V-12)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ansinh_contracts.session_check import hash_token
from ansinh_kit.clock import Clock, IdGenerator
from ansinh_kit.throttling.mongo import Throttles
from ansinh_kit.throttling.rules import Throttle, Window, Windows

from auth.domain.e_id.claims import ClaimRules, EIdRefusedError, ProvenIdentity, proven_identity
from auth.domain.e_id.hand_over import HandOver
from auth.handlers.tokens import new_e_id_secret
from auth.providers.port import IdentityProvider
from auth.storage.e_id_rounds import EIdRound, EIdRounds, RoundPurpose
from auth.storage.identities import Identities
from auth.storage.single_use import NO_SESSION, Bound


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundRules:
    """People have `life` to find their phone and show their face; `per_address` bounds what one address begins."""

    claims: ClaimRules = field(default_factory=ClaimRules)
    life: timedelta = timedelta(minutes=10)
    per_address: Throttle = field(default_factory=lambda: Windows((Window(100, timedelta(minutes=5)),)))


@dataclass(frozen=True, slots=True, kw_only=True)
class StartedRound:
    """`secret` is shown here once, to the client that began; nobody finishes the round without it."""

    round_id: str
    secret: str = field(repr=False)
    address: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedRound:
    """What the client has when the person is back: its secret, and what the provider put into the address."""

    round_id: str
    secret: str = field(repr=False)
    state: str = field(repr=False)
    code: str = field(repr=False)


class Rounds:
    def __init__(
        self,
        *,
        documents: EIdRounds,
        provider: IdentityProvider,
        identities: Identities,
        throttles: Throttles,
        rules: RoundRules,
        clock: Clock,
        ids: IdGenerator,
    ) -> None:
        self._documents = documents
        self._provider = provider
        self._identities = identities
        self._throttles = throttles
        self._rules = rules
        self._clock = clock
        self._ids = ids

    async def begin(self, purpose: RoundPurpose, address: str, bound: Bound = NO_SESSION) -> StartedRound:
        """Return where the person goes; it tells nobody whether there is an account (OTC-10).

        Raises:
            EIdUnavailableError: The provider is down; the person is told of the other ways in (U-13).
            TooManyAttemptsError: Too many were begun from this address.
        """
        now = self._clock.now()
        by_address = f"e-id-from:{self._identities.blind('address', address)}"
        await self._throttles.admit(by_address, self._rules.per_address, now)
        secret = new_e_id_secret()
        there = await self._provider.address_of(HandOver.of(secret))
        opened = EIdRound(
            round_id=self._ids.new_id(),
            purpose=purpose,
            secret_hash=hash_token(secret),
            started_at=now,
            expires_at=now + self._rules.life,
            bound=bound,
        )
        await self._documents.open(opened)
        return StartedRound(round_id=opened.round_id, secret=secret, address=there, expires_at=opened.expires_at)

    async def finish(self, returned: ReturnedRound, purpose: RoundPurpose, bound: Bound = NO_SESSION) -> ProvenIdentity:
        """Return who has shown the e-ID. The round is used up before the provider is asked, whatever comes of it.

        Raises:
            EIdRefusedError: No such round of this client, an answer to another one, or one that does not hold.
            EIdUnavailableError: The provider cannot be asked; a new round may be begun.
        """
        over = HandOver.of(returned.secret)
        if not over.is_answered_by(returned.state):
            # Somebody slipped this client another one's answer: its own round stays what it was.
            raise EIdRefusedError("state")
        started_at = await self._documents.use(
            returned.round_id, purpose, hash_token(returned.secret), self._clock.now(), bound
        )
        if started_at is None:
            raise EIdRefusedError("round")
        claims = await self._provider.redeem(returned.code, over)
        return proven_identity(claims, self._rules.claims, started_at=started_at, now=self._clock.now())
