"""What auth is told of the identity provider, `AUTH_E_ID_…`. Without an issuer nobody logs in by e-ID."""

from datetime import timedelta
from typing import Annotated, Final, Self

from ansinh_kit.clock import Clock
from ansinh_kit.settings import ServiceSettings
from ansinh_kit.throttling.rules import Window, Windows
from pydantic import BeforeValidator, Field, SecretStr, model_validator
from pydantic_settings import NoDecode

from auth.domain.e_id.claims import ClaimRules
from auth.handlers.e_id_rounds import RoundRules
from auth.providers.addresses import ProviderAddresses, is_loopback
from auth.providers.openid_connect import OpenIdConnect, OpenIdConnectRules
from auth.providers.port import IdentityProvider, NoIdentityProvider

_ADDRESS: Final = r"^https?://[^\s?#]+$"


def _split(value: object) -> object:
    return frozenset(word.strip() for word in value.split(",") if word.strip()) if isinstance(value, str) else value


Words = Annotated[frozenset[str], NoDecode, BeforeValidator(_split)]
"""Words as text, separated by commas."""


class EIdSettings(ServiceSettings):
    """A sandbox vouches for anybody. So it counts only if a setting says so, on this machine, and for this machine."""

    public_addresses: Words = Field(
        frozenset({"http://127.0.0.1:27400", "http://localhost:27400"}),
        description="where people reach the gateway, scheme://host[:port]; device proofs and passkeys name one of them",
    )
    e_id_issuer: str | None = Field(None, pattern=_ADDRESS, description="the identity provider's OpenID Connect issuer")
    e_id_client_id: str | None = Field(None, min_length=1, description="the name it knows us by")
    e_id_client_secret: SecretStr | None = Field(None, min_length=16, description="the secret that goes with it")
    e_id_redirect_address: str | None = Field(
        None, pattern=_ADDRESS, description="where people come back to, as registered with the provider, to the letter"
    )
    e_id_levels: Words = Field(frozenset({"level-2"}), min_length=1, description="values of acr that suffice")
    e_id_citizen_number_claim: str = Field(
        "citizen_number", min_length=1, description="the claim that holds the citizen number"
    )
    e_id_scopes: Words = Field(frozenset({"openid"}), description="scopes asked for; openid is one of them")
    e_id_hosts: Words = Field(frozenset(), description="hosts of the provider beside that of its issuer")
    e_id_timeout_seconds: float = Field(
        4.0, gt=0, le=4.5, description="longest time the provider has for a log-in; the gateway waits for 5 s"
    )
    e_id_pause_seconds: float = Field(5.0, ge=0, le=60, description="how long a provider that failed is left alone")
    e_id_starts_per_address: int = Field(100, ge=1, description="log-ins begun from one address in five minutes")
    e_id_sandbox_allowed: bool = Field(False, description="whether a sandbox on this machine may vouch for people")

    @model_validator(mode="after")
    def provider_is_complete_and_no_sandbox_lets_people_in(self) -> Self:
        """Refuse half a provider, and a sandbox where people come from elsewhere.

        Raises:
            ValueError: Named by the rule that is broken.
        """
        if self.e_id_sandbox_allowed and not all(map(is_loopback, self.public_addresses)):
            raise ValueError(
                "e_id_sandbox_allowed: a sandbox vouches for anybody; not where public_addresses are public"
            )
        rules = self._openid_connect()
        if rules is not None and not self._is_ours(rules.redirect_address):
            raise ValueError("e_id_redirect_address: people come back to one of public_addresses")
        return self

    def identity_provider(self, clock: Clock) -> IdentityProvider:
        rules = self._openid_connect()
        return NoIdentityProvider() if rules is None else OpenIdConnect(rules, clock=clock)

    def e_id_rules(self) -> RoundRules:
        return RoundRules(
            claims=ClaimRules(levels=self.e_id_levels),
            per_address=Windows((Window(self.e_id_starts_per_address, timedelta(minutes=5)),)),
        )

    def _openid_connect(self) -> OpenIdConnectRules | None:
        if self.e_id_issuer is None:
            return None
        client, secret, back = self.e_id_client_id, self.e_id_client_secret, self.e_id_redirect_address
        if client is None or secret is None or back is None:
            raise ValueError("e_id_issuer needs e_id_client_id, e_id_client_secret and e_id_redirect_address")
        return OpenIdConnectRules(
            addresses=ProviderAddresses(
                issuer=self.e_id_issuer, hosts=self.e_id_hosts, sandbox=self.e_id_sandbox_allowed
            ),
            client_id=client,
            client_secret=secret.get_secret_value(),
            redirect_address=back,
            levels=tuple(sorted(self.e_id_levels)),
            citizen_number_claim=self.e_id_citizen_number_claim,
            scopes=("openid", *sorted(self.e_id_scopes - {"openid"})),
            timeout_seconds=self.e_id_timeout_seconds,
            pause_seconds=self.e_id_pause_seconds,
        )

    def _is_ours(self, address: str) -> bool:
        if self.e_id_sandbox_allowed and is_loopback(address):
            return True
        return any(address.startswith(f"{public.rstrip('/')}/") for public in self.public_addresses)
