"""What the gateway must be told: where the services are, which names and pages are ours, and how much is too much."""

import ipaddress
from pathlib import Path
from typing import Annotated

from ansinh_kit.key_list import KeyList
from ansinh_kit.settings import Keys, ProcessSettings
from pydantic import BeforeValidator, Field, PositiveFloat, PositiveInt, SecretStr
from pydantic_settings import NoDecode, SettingsConfigDict

from gateway.addresses import Network

_KIB = 1024
_MIB = 1024 * _KIB


def _split(value: object) -> object:
    return frozenset(word.strip() for word in value.split(",") if word.strip()) if isinstance(value, str) else value


Words = Annotated[frozenset[str], NoDecode, BeforeValidator(_split)]
"""Words as text, separated by commas."""


class GatewaySettings(ProcessSettings):
    """Read from variables that start with `GATEWAY_`. The limits are those of the security statements LIM-.."""

    model_config = SettingsConfigDict(env_prefix="GATEWAY_")

    port: int = Field(27400, ge=0, le=65_535, description="port to listen on")
    operations_port: int | None = Field(
        None, ge=0, le=65_535, description="port of metrics and details of health, never open to the outside (SEC-18)"
    )

    auth_url: str = Field("http://127.0.0.1:27401", description="address of auth")
    registration_url: str = Field("http://127.0.0.1:27402", description="address of registration")
    notifications_url: str = Field("http://127.0.0.1:27403", description="address of notifications")
    records_url: str = Field("http://127.0.0.1:27404", description="address of records")

    auth_assertion_keys: Keys = Field(description="keys of the assertions for auth, id:base64url, newest first")
    registration_assertion_keys: Keys = Field(description="keys of the assertions for registration, likewise")
    notifications_assertion_keys: Keys = Field(description="keys of the assertions for notifications, likewise")
    records_assertion_keys: Keys = Field(description="keys of the assertions for records, likewise")

    amqp_url: SecretStr | None = Field(
        None,
        description="address of RabbitMQ, amqp://…, over which gateways count together; one that is alone needs none",
    )
    namespace: str = Field("", description="prefix of exchanges and queues; empty in production")

    hosts: Words = Field(
        frozenset({"127.0.0.1", "localhost"}), description="names the Host header may have, without port (GW-01)"
    )
    origins: Words = Field(
        frozenset(), description="pages, https://host, whose requests with a session cookie may change things (SES-13)"
    )
    trusted_proxies: Words = Field(frozenset(), description="networks whose X-Forwarded-For is believed (GW-08)")

    session_check_timeout_seconds: PositiveFloat = 0.25
    guest_requests_burst: PositiveInt = 300
    guest_requests_per_second: PositiveFloat = 1.0
    session_requests_burst: PositiveInt = 40
    session_requests_per_second: PositiveFloat = 20.0
    limit_news_seconds: float = Field(
        0.2, gt=0, le=1, description="how often the other gateways are told what was taken from limits (GW-16)"
    )

    target_bytes: PositiveInt = 4 * _KIB
    header_bytes: PositiveInt = 16 * _KIB
    header_count: PositiveInt = 64
    small_body_bytes: PositiveInt = 256 * _KIB
    upload_body_bytes: PositiveInt = 26 * _MIB
    bulk_body_bytes: PositiveInt = 64 * _MIB

    head_seconds: PositiveFloat = 10.0
    body_pause_seconds: PositiveFloat = 10.0
    connect_seconds: PositiveFloat = 1.0
    first_byte_seconds: PositiveFloat = 5.0
    whole_seconds: PositiveFloat = 30.0
    upload_whole_seconds: PositiveFloat = 120.0
    linger_seconds: PositiveFloat = 2.0
    linger_bytes: PositiveInt = _MIB
    keep_alive_seconds: PositiveInt = 15

    connections_per_service: PositiveInt = 100
    queue_per_service: PositiveInt = 200
    retry_share: float = Field(0.1, ge=0, le=0.5, description="of the requests to a service, how many may be retries")
    breaker_failing_share: float = Field(0.5, gt=0, le=1, description="share of failures that opens the circuit")
    breaker_least_requests: PositiveInt = 20
    breaker_window_seconds: PositiveFloat = 10.0
    breaker_probe_seconds: PositiveFloat = 5.0

    event_streams_per_session: PositiveInt = 3
    event_streams: PositiveInt = Field(5_000, description="open event streams in all (GW-21)")
    event_heartbeat_seconds: PositiveFloat = Field(
        15.0, description="how often an open stream is checked like a request, news or not (SES-06)"
    )

    web_folder: Path | None = Field(None, description="folder of the built web; without it only the API is served")

    openapi_refresh_seconds: PositiveFloat = 30.0
    openapi_retry_seconds: PositiveFloat = 2.0

    @property
    def service_urls(self) -> dict[str, str]:
        """Base address of each service by its name in the routing table."""
        return {
            "auth": self.auth_url,
            "registration": self.registration_url,
            "notifications": self.notifications_url,
            "records": self.records_url,
        }

    @property
    def assertion_keys(self) -> dict[str, KeyList]:
        """Keys by service. Each service knows only its own, so that none can speak as the gateway to another."""
        return {
            "auth": self.auth_assertion_keys,
            "registration": self.registration_assertion_keys,
            "notifications": self.notifications_assertion_keys,
            "records": self.records_assertion_keys,
        }

    @property
    def proxy_networks(self) -> tuple[Network, ...]:
        return tuple(ipaddress.ip_network(network) for network in sorted(self.trusted_proxies))
