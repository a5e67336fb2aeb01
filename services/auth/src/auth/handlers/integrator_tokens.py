"""Client credentials (RFC 6749, 4.4): an integrator shows its secret and gets a token that is good for minutes."""

import hmac
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar, Final

from ansinh_contracts.session_check import hash_token
from ansinh_kit.clock import Clock
from ansinh_kit.errors import DomainError
from ansinh_kit.throttling.mongo import Throttles
from ansinh_kit.throttling.rules import Throttle, Window, Windows

from auth.handlers.tokens import new_integrator_token
from auth.storage.identities import Identities
from auth.storage.integrator_documents import IntegratorDocuments, StoredIntegrator
from auth.storage.integrator_tokens import IntegratorTokens, StoredToken

_CLIENT_ID = re.compile(r"[0-9a-f]{32}")
_NOBODY: Final = "nobody"
_NO_HASH: Final = "0" * 64


class ClientRefusedError(DomainError):
    """Unknown, suspended, or another secret; never says which."""

    code: ClassVar[str] = "invalid_client"


class ScopeRefusedError(DomainError):
    """More was asked for than the integrator may do."""

    code: ClassVar[str] = "invalid_scope"


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenLimits:
    """Wrong secrets by client and address, and by address; tokens by client."""

    life: timedelta = timedelta(minutes=10)
    wrong_per_client: Throttle = field(default_factory=lambda: Windows((Window(10, timedelta(seconds=60)),)))
    wrong_per_address: Throttle = field(default_factory=lambda: Windows((Window(30, timedelta(seconds=60)),)))
    tokens_per_client: Throttle = field(default_factory=lambda: Windows((Window(60, timedelta(seconds=60)),)))

    def __post_init__(self) -> None:
        if not timedelta() < self.life <= timedelta(hours=1):
            raise ValueError("a token of an integrator is good for an hour at most")


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedToken:
    """Shown here once; only its hash is stored."""

    token: str = field(repr=False)
    life: timedelta
    scopes: tuple[str, ...]


class IssueTokens:
    def __init__(
        self,
        *,
        documents: IntegratorDocuments,
        tokens: IntegratorTokens,
        throttles: Throttles,
        identities: Identities,
        limits: TokenLimits,
        clock: Clock,
    ) -> None:
        self._documents = documents
        self._tokens = tokens
        self._throttles = throttles
        self._identities = identities
        self._limits = limits
        self._clock = clock

    async def __call__(
        self, client_id: str, secret: str, *, scopes: frozenset[str] | None, address: str
    ) -> IssuedToken:
        """Give a token for `scopes`; for all the integrator has if that is `None`.

        Raises:
            ClientRefusedError: Not these credentials.
            ScopeRefusedError: Not these scopes.
            TooManyAttemptsError: Too many wrong ones, or too many tokens.
        """
        now = self._clock.now()
        integrator, secret_id = await self._authenticated(client_id, secret, address, now)
        granted = scopes if scopes is not None else frozenset(integrator.scopes)
        if not granted or not granted <= set(integrator.scopes):
            raise ScopeRefusedError
        await self._throttles.admit(f"oauth-tokens:{client_id}", self._limits.tokens_per_client, now)
        token = new_integrator_token()
        stored = StoredToken(
            token_hash=hash_token(token),
            integrator_id=integrator.integrator_id,
            secret_id=secret_id,
            suspensions=integrator.suspensions,
            scopes=tuple(sorted(granted)),
            issued_at=now,
            expires_at=now + self._limits.life,
        )
        await self._tokens.keep(stored)
        return IssuedToken(token=token, life=self._limits.life, scopes=stored.scopes)

    async def _authenticated(
        self, client_id: str, secret: str, address: str, now: datetime
    ) -> tuple[StoredIntegrator, str]:
        """Count the attempt as wrong, compare, and take it back if it was right: parallel guesses are counted, too."""
        blind = self._identities.blind("address", address)
        known_form = client_id if _CLIENT_ID.fullmatch(client_id) else _NOBODY
        pair, from_address = f"oauth:{known_form}:{blind}", f"oauth-from:{blind}"
        await self._throttles.admit(pair, self._limits.wrong_per_client, now)
        await self._throttles.admit(from_address, self._limits.wrong_per_address, now)
        integrator = await self._documents.find(known_form)
        hashes = await self._documents.secret_hashes(known_form)
        secret_id = _matching(integrator, hashes, hash_token(_ascii(secret)), now)
        if integrator is None or secret_id is None:
            raise ClientRefusedError
        await self._throttles.take_back(pair, self._limits.wrong_per_client, now)
        await self._throttles.take_back(from_address, self._limits.wrong_per_address, now)
        return integrator, secret_id


def _matching(integrator: StoredIntegrator | None, hashes: dict[str, str], given: str, now: datetime) -> str | None:
    good = {key: value for key, value in hashes.items() if integrator is not None and integrator.is_good(key, now)}
    matching = [key for key, value in (good or {_NOBODY: _NO_HASH}).items() if hmac.compare_digest(value, given)]
    return matching[0] if matching and good else None


def _ascii(secret: str) -> str:
    """Return what can be hashed: a secret of ours is ASCII, so any other is as wrong as an empty one."""
    return secret if secret.isascii() else ""
