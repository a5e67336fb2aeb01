"""What the gateway must be told: where the services are, which names and pages are ours, and how much is too much."""

import ipaddress
from typing import Annotated

from ansinh_kit.key_list import KeyList
from pydantic import PositiveFloat, PositiveInt, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from gateway.addresses import Network

_KIB = 1024
_MIB = 1024 * _KIB

Words = Annotated[frozenset[str], NoDecode]


class GatewaySettings(BaseSettings):
    """Read from the environment, names prefixed `GATEWAY_`; lists are written with commas.

    Attributes:
        assertion_keys: Keys that sign the internal assertion, as `KeyList.parse` reads them; no default.
        hosts: Names the Host header may have, without port (GW-01).
        origins: Pages, as `https://host`, whose requests with a session cookie may change something (SES-13).
        trusted_proxies: Networks whose `X-Forwarded-For` is believed.
        operations_port: Where metrics and details of health are, not to be reachable from outside (SEC-18); not
            served if there is none.
    """

    model_config = SettingsConfigDict(env_prefix="GATEWAY_", frozen=True, extra="ignore")

    host: str = "127.0.0.1"
    port: int = 27400
    operations_port: int | None = None
    log_level: str = "INFO"

    auth_url: str = "http://127.0.0.1:27401"
    registration_url: str = "http://127.0.0.1:27402"
    notifications_url: str = "http://127.0.0.1:27403"

    assertion_keys: SecretStr

    hosts: Words = frozenset({"127.0.0.1", "localhost"})
    origins: Words = frozenset()
    trusted_proxies: Words = frozenset()

    session_check_timeout_seconds: PositiveFloat = 0.25
    guest_requests_burst: PositiveInt = 300
    guest_requests_per_second: PositiveFloat = 1.0
    session_requests_burst: PositiveInt = 40
    session_requests_per_second: PositiveFloat = 20.0

    target_bytes: PositiveInt = 4 * _KIB
    header_bytes: PositiveInt = 16 * _KIB
    header_count: PositiveInt = 64
    small_body_bytes: PositiveInt = 256 * _KIB
    upload_body_bytes: PositiveInt = 26 * _MIB

    head_seconds: PositiveFloat = 10.0
    body_pause_seconds: PositiveFloat = 10.0
    connect_seconds: PositiveFloat = 1.0
    first_byte_seconds: PositiveFloat = 5.0
    whole_seconds: PositiveFloat = 30.0
    upload_whole_seconds: PositiveFloat = 120.0
    linger_seconds: PositiveFloat = 2.0
    linger_bytes: PositiveInt = _MIB
    drain_seconds: PositiveInt = 30
    keep_alive_seconds: PositiveInt = 15

    connections_per_service: PositiveInt = 100
    queue_per_service: PositiveInt = 200

    openapi_refresh_seconds: PositiveFloat = 30.0
    openapi_retry_seconds: PositiveFloat = 2.0

    @field_validator("hosts", "origins", "trusted_proxies", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return frozenset(word.strip() for word in value.split(",") if word.strip()) if isinstance(value, str) else value

    @property
    def service_urls(self) -> dict[str, str]:
        """Base address of each service by its name in the routing table."""
        return {
            "auth": self.auth_url,
            "registration": self.registration_url,
            "notifications": self.notifications_url,
        }

    @property
    def proxy_networks(self) -> tuple[Network, ...]:
        return tuple(ipaddress.ip_network(network) for network in sorted(self.trusted_proxies))

    @property
    def assertion_key_list(self) -> KeyList:
        return KeyList.parse(self.assertion_keys.get_secret_value())
