"""The composition root: builds every object of the gateway and hands it to those that need it."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Final

import aiohttp
from ansinh_kit.clock import Clock, IdGenerator, RandomIds, SystemClock
from ansinh_kit.http.assertion import AssertionIssuer, Caller
from ansinh_kit.http.health import Readiness
from ansinh_kit.observability.metrics import HttpMetrics, Metrics
from fastapi import FastAPI

from gateway.auth_client import AuthClient
from gateway.circuit_breaker import BreakerRule
from gateway.edge import Edge, EdgeLimits
from gateway.exchange import ExchangeRecorder
from gateway.gate import Gate
from gateway.openapi_source import OpenApiSource
from gateway.pages import PUBLIC_PAGES, operations_pages, public_pages
from gateway.patience import Timeouts
from gateway.protocol import HeadLimits
from gateway.rate_limits import Monotonic, Rate, TokenBuckets
from gateway.routes import ROUTES
from gateway.routing import Route, RouteTable
from gateway.session_check import SessionCheck
from gateway.settings import GatewaySettings
from gateway.upstream import Upstream, UpstreamLimits, new_client
from gateway.upstream_metrics import UpstreamMetrics

SERVICE: Final = "gateway"
LOG_FIELDS: Final = frozenset(
    {"client_request_id", "caller_kind", "routes_without_operation", "operations_without_route"}
)


@dataclass(frozen=True, slots=True)
class Gateway:
    """A gateway that can be served: the public application, the operators' one, and what keeps both going."""

    edge: Edge
    operations: FastAPI
    readiness: Readiness
    metrics: Metrics
    openapi: OpenApiSource
    sessions: SessionCheck
    upstreams: Mapping[str, Upstream]
    http: aiohttp.ClientSession

    async def close(self) -> None:
        """End the connections to the services; who still waits for auth is told that it is unavailable."""
        await self.sessions.close()
        await asyncio.gather(self.http.close(), *(upstream.close() for upstream in self.upstreams.values()))


def build_gateway(
    settings: GatewaySettings,
    *,
    routes: tuple[Route, ...] = ROUTES,
    clock: Clock | None = None,
    monotonic: Monotonic = time.monotonic,
) -> Gateway:
    """Build a gateway inside the running loop. The caller closes it."""
    issuers = _issuers(settings, clock or SystemClock())
    metrics, readiness, ids = Metrics(SERVICE), Readiness(), RandomIds()
    limits = _upstream_limits(settings)
    by_service = UpstreamMetrics(metrics)
    upstreams = {
        service: Upstream(url, limits, metrics=by_service.of(service), monotonic=monotonic)
        for service, url in settings.service_urls.items()
    }
    http = new_client(limits)
    sessions = SessionCheck(
        AuthClient(http, settings.auth_url, assertion=lambda: _own_assertion(issuers["auth"], ids)),
        timeout_seconds=settings.session_check_timeout_seconds,
    )
    readiness.add("auth", sessions.probe)
    openapi = OpenApiSource(
        http,
        settings.service_urls,
        routes,
        version=version("ansinh-gateway"),
        refresh_seconds=settings.openapi_refresh_seconds,
        retry_seconds=settings.openapi_retry_seconds,
    )
    edge = Edge(
        table=RouteTable(routes),
        pages=dict.fromkeys(PUBLIC_PAGES, public_pages(readiness=readiness, openapi=openapi)),
        gate=_gate(settings, sessions, monotonic),
        upstreams=upstreams,
        assertions=issuers,
        recorder=ExchangeRecorder(HttpMetrics(metrics), monotonic=monotonic),
        ids=ids,
        hosts=frozenset(host.encode() for host in settings.hosts),
        trusted_proxies=settings.proxy_networks,
        limits=_edge_limits(settings),
    )
    operations = operations_pages(readiness=readiness, metrics=metrics, openapi=openapi)
    return Gateway(edge, operations, readiness, metrics, openapi, sessions, upstreams, http)


def _issuers(settings: GatewaySettings, clock: Clock) -> dict[str, AssertionIssuer]:
    return {service: AssertionIssuer(keys, clock=clock) for service, keys in settings.assertion_keys.items()}


def _own_assertion(issuer: AssertionIssuer, ids: IdGenerator) -> str:
    """Return the proof that the gateway itself is asking auth."""
    return issuer.issue(Caller(kind="service", account_id=SERVICE, request_id=ids.new_id()), audience="auth")


def head_limits(settings: GatewaySettings) -> HeadLimits:
    return HeadLimits(
        target_bytes=settings.target_bytes,
        header_bytes=settings.header_bytes,
        header_count=settings.header_count,
        head_seconds=settings.head_seconds,
        linger_seconds=settings.linger_seconds,
        linger_bytes=settings.linger_bytes,
        keep_alive_seconds=settings.keep_alive_seconds,
    )


def _gate(settings: GatewaySettings, sessions: SessionCheck, monotonic: Monotonic) -> Gate:
    guest_rate = Rate(settings.guest_requests_burst, settings.guest_requests_per_second)
    session_rate = Rate(settings.session_requests_burst, settings.session_requests_per_second)
    return Gate(
        sessions,
        guests=TokenBuckets(guest_rate, monotonic=monotonic),
        holders=TokenBuckets(session_rate, monotonic=monotonic),
        origins=frozenset(origin.encode() for origin in settings.origins),
    )


def _upstream_limits(settings: GatewaySettings) -> UpstreamLimits:
    return UpstreamLimits(
        connections=settings.connections_per_service,
        queue=settings.queue_per_service,
        connect_seconds=settings.connect_seconds,
        retry_share=settings.retry_share,
        breaker=BreakerRule(
            failing_share=settings.breaker_failing_share,
            least_requests=settings.breaker_least_requests,
            window_seconds=settings.breaker_window_seconds,
            probe_seconds=settings.breaker_probe_seconds,
        ),
    )


def _edge_limits(settings: GatewaySettings) -> EdgeLimits:
    return EdgeLimits(
        body_bytes={
            "none": 0,
            "small": settings.small_body_bytes,
            "upload": settings.upload_body_bytes,
            "bulk": settings.bulk_body_bytes,
        },
        timeouts={
            "normal": Timeouts(settings.first_byte_seconds, settings.whole_seconds),
            "upload": Timeouts(settings.first_byte_seconds, settings.upload_whole_seconds),
        },
        body_pause_seconds=settings.body_pause_seconds,
        linger_seconds=settings.linger_seconds,
        linger_bytes=settings.linger_bytes,
    )
