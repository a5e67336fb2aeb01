"""The adapter for OpenID Connect: authorization code flow with PKCE, one provider, one exact way back (ADR-0022)."""

import asyncio
import base64
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar
from urllib.parse import parse_qsl, quote_plus, urlencode, urlsplit, urlunsplit

import structlog
from ansinh_kit.clock import Clock

from auth.domain.e_id.claims import EIdRefusedError, IdentityClaims
from auth.domain.e_id.hand_over import HandOver
from auth.providers.addresses import ProviderAddresses
from auth.providers.bounded_http import Answer, BoundedHttp
from auth.providers.discovery import Provider, read_provider
from auth.providers.id_tokens import TokenRules, read_header, read_id_token
from auth.providers.port import EIdUnavailableError
from auth.providers.remembered import Remembered
from auth.providers.signing_keys import SigningKeys, read_signing_keys

log = structlog.get_logger(__name__)

_OK: Final = 200
_CODE_REFUSED: Final = 400
_LIFE_SECONDS: Final = 600.0
_AT_ONCE: Final = 32

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenIdConnectRules:
    """How the provider knows us, and what is asked of it.

    Attributes:
        redirect_address: The one address people come back to; registered there letter for letter.
        levels: The values of `acr` that suffice, the preferred one first.
        pause_seconds: How long a provider that failed is not asked again.
    """

    addresses: ProviderAddresses
    client_id: str
    client_secret: str = field(repr=False)
    redirect_address: str
    levels: tuple[str, ...]
    citizen_number_claim: str
    scopes: tuple[str, ...] = ("openid",)
    timeout_seconds: float = 4.0
    pause_seconds: float = 5.0

    @property
    def token_rules(self) -> TokenRules:
        return TokenRules(
            issuer=self.addresses.issuer, client_id=self.client_id, citizen_number_claim=self.citizen_number_claim
        )


class OpenIdConnect:
    """Knows the provider's description and keys for ten minutes; a key it has not seen makes it look once more."""

    def __init__(self, rules: OpenIdConnectRules, *, clock: Clock) -> None:
        self._rules = rules
        self._clock = clock
        self._under_way = 0
        self._http = BoundedHttp(timeout_seconds=rules.timeout_seconds)
        pause = rules.pause_seconds
        self._provider = Remembered(self._fetch_provider, life_seconds=_LIFE_SECONDS, pause_seconds=pause)
        self._keys = Remembered(self._fetch_keys, life_seconds=_LIFE_SECONDS, pause_seconds=pause)

    async def close(self) -> None:
        await self._http.close()

    async def address_of(self, over: HandOver) -> str:
        """See `IdentityProvider.address_of`. The person is made to show the e-ID again, whatever the browser holds."""
        provider = await self._in_time(self._provider.get)
        asked = {
            "response_type": "code",
            "client_id": self._rules.client_id,
            "redirect_uri": self._rules.redirect_address,
            "scope": " ".join(self._rules.scopes),
            "state": over.state,
            "nonce": over.nonce,
            "code_challenge": over.challenge,
            "code_challenge_method": "S256",
            "acr_values": " ".join(self._rules.levels),
            "prompt": "login",
            "max_age": "0",
        }
        parts = urlsplit(provider.authorization_endpoint)
        return urlunsplit(parts._replace(query=urlencode([*parse_qsl(parts.query), *asked.items()])))

    async def redeem(self, code: str, over: HandOver) -> IdentityClaims:
        """See `IdentityProvider.redeem`."""
        return await self._in_time(lambda: self._redeemed(code, over))

    async def _in_time(self, ask: Callable[[], Awaitable[Result]]) -> Result:
        """Return what comes of it; why nothing does stands in the log, and nowhere else."""
        try:
            with self._place():
                return await self._before_it_is_late(ask)
        except EIdRefusedError as error:
            log.warning("e_id_answer_refused", code=error.rule)
            raise
        except EIdUnavailableError as error:
            log.warning("e_id_provider_unavailable", code=error.reason)
            raise

    @contextmanager
    def _place(self) -> Iterator[None]:
        """Hold one of a few places: a slow provider must not fill this service, which lets people in by password."""
        if self._under_way >= _AT_ONCE:
            raise EIdUnavailableError("busy")
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1

    async def _before_it_is_late(self, ask: Callable[[], Awaitable[Result]]) -> Result:
        try:
            # One limit for all questions together: people are told of the other ways in before the gateway gives up.
            async with asyncio.timeout(self._rules.timeout_seconds):
                return await ask()
        except TimeoutError as error:
            raise EIdUnavailableError("late") from error

    async def _redeemed(self, code: str, over: HandOver) -> IdentityClaims:
        provider = await self._provider.get()
        text = await self._id_token(provider, code, over)
        keys = await self._keys_for(read_header(text).key_id)
        return read_id_token(text, keys, self._rules.token_rules, nonce=over.nonce, now=self._clock.now())

    async def _id_token(self, provider: Provider, code: str, over: HandOver) -> str:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._rules.redirect_address,
            "code_verifier": over.verifier,
        }
        answer = await self._http.post(provider.token_endpoint, form, {"Authorization": self._credentials()})
        if answer.status == _CODE_REFUSED and answer.body.get("error") == "invalid_grant":
            raise EIdRefusedError("code")
        text = _expected(answer).get("id_token")
        if not isinstance(text, str):
            raise EIdUnavailableError("garbled")
        return text

    async def _keys_for(self, key_id: str) -> SigningKeys:
        """Return the keys; those of an unknown id are asked for once more, as providers rotate them (RFC 7517)."""
        keys = await self._keys.get()
        return keys if key_id in keys else await self._keys.anew(unlike=keys)

    async def _fetch_provider(self) -> Provider:
        answer = await self._http.get(self._rules.addresses.discovery)
        return read_provider(_expected(answer), self._rules.addresses)

    async def _fetch_keys(self) -> SigningKeys:
        provider = await self._provider.get()
        return read_signing_keys(_expected(await self._http.get(provider.jwks_uri)))

    def _credentials(self) -> str:
        """Return what says who asks (RFC 6749, 2.3.1: both parts in the form of form fields first)."""
        pair = f"{quote_plus(self._rules.client_id)}:{quote_plus(self._rules.client_secret)}"
        return f"Basic {base64.b64encode(pair.encode()).decode()}"


def _expected(answer: Answer) -> Mapping[str, Any]:
    if answer.status != _OK:
        raise EIdUnavailableError("refused_us")
    return answer.body
