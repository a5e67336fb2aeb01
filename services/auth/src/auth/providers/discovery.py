"""The provider's own description (OpenID Connect Discovery 1.0): where to ask, and that it can do what we insist on."""

from collections.abc import Mapping
from typing import Any, Final, get_args

from pydantic import BaseModel, ConfigDict, StrictStr, ValidationError

from auth.providers.addresses import ProviderAddresses
from auth.providers.port import EIdUnavailableError
from auth.providers.signing_keys import Algorithm

_OURS: Final = frozenset(get_args(Algorithm))


class Provider(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    issuer: StrictStr
    authorization_endpoint: StrictStr
    token_endpoint: StrictStr
    jwks_uri: StrictStr
    response_types_supported: tuple[StrictStr, ...]
    id_token_signing_alg_values_supported: tuple[StrictStr, ...]
    code_challenge_methods_supported: tuple[StrictStr, ...] = ()

    def fits(self, addresses: ProviderAddresses) -> bool:
        """Tell whether it is the provider that was set, all under its own addresses, with code flow and PKCE."""
        named = (self.authorization_endpoint, self.token_endpoint, self.jwks_uri)
        return (
            self.issuer == addresses.issuer
            and all(addresses.allows(address) for address in named)
            and "code" in self.response_types_supported
            and "S256" in self.code_challenge_methods_supported
            and not _OURS.isdisjoint(self.id_token_signing_alg_values_supported)
        )


def read_provider(body: Mapping[str, Any], addresses: ProviderAddresses) -> Provider:
    """Return what the document says.

    Raises:
        EIdUnavailableError: It is no such document, or not of the provider that was set.
    """
    try:
        provider = Provider.model_validate(body)
    except ValidationError as error:
        raise EIdUnavailableError("garbled_description") from error
    if not provider.fits(addresses):
        raise EIdUnavailableError("other_provider")
    return provider
