"""The composition root: builds every object of the gateway and hands it to those that need it."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Final

import aiohttp
from ansinh_kit.clock import Clock, IdGenerator, RandomIds, SystemClock
from ansinh_kit.http.assertion import AssertionIssuer, Caller
from ansinh_kit.http.health import Readiness
from ansinh_kit.observability.metrics import HttpMetrics, Metrics
from fastapi import FastAPI

from gateway.answer_headers import CrossOrigin
from gateway.auth_client import AuthClient
from gateway.edge import Edge
from gateway.event_streams import EventStreams, StreamLimits
from gateway.exchange import ExchangeRecorder
from gateway.gate import Gate
from gateway.head import CROSS_ORIGIN_HEADERS
from gateway.limits import edge_limits, timeouts, upstream_limits
from gateway.news_client import NewsClient
from gateway.openapi_source import OpenApiSource
from gateway.own_operations import OWN_OPERATIONS
from gateway.pages import PUBLIC_PAGES, operations_pages, public_pages
from gateway.plain_client import new_client
from gateway.rate_limits import Monotonic, Rate, TokenBuckets
from gateway.routes import NEWS, ROUTES
from gateway.routing import Route, RouteTable
from gateway.session_check import SessionCheck
from gateway.settings import GatewaySettings
from gateway.to_event_stream import ToEventStream
from gateway.to_service import ToService
from gateway.upstream import Upstream
from gateway.upstream_metrics import UpstreamMetrics
from gateway.web_files import read_web_files
from gateway.web_site import WebSite

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
    watched_sessions: SessionCheck
    streams: EventStreams
    upstreams: Mapping[str, Upstream]
    http: aiohttp.ClientSession

    async def close(self) -> None:
        """End the connections to the services; who still waits for auth is told that it is unavailable."""
        await asyncio.gather(self.sessions.close(), self.watched_sessions.close())
        for upstream in self.upstreams.values():
            upstream.close()
        await self.http.close()


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
    limits = upstream_limits(settings)
    by_service = UpstreamMetrics(metrics)
    upstreams = {
        service: Upstream(url, limits, metrics=by_service.of(service), monotonic=monotonic)
        for service, url in settings.service_urls.items()
    }
    http = new_client(connect_seconds=settings.connect_seconds)

    def own_assertion() -> str:
        return _own_assertion(issuers["auth"], ids)

    sessions = _session_check(settings, http, own_assertion)
    watched_sessions = _session_check(settings, http, own_assertion, counts_as_use=False)
    readiness.add("auth", sessions.probe)
    streams = EventStreams(
        NewsClient(http, settings.auth_url, assertion=own_assertion),
        StreamLimits(per_session=settings.event_streams_per_session, in_all=settings.event_streams),
    )
    openapi = OpenApiSource(
        http,
        settings.service_urls,
        routes,
        own=OWN_OPERATIONS,
        version=version("ansinh-gateway"),
        refresh_seconds=settings.openapi_refresh_seconds,
        retry_seconds=settings.openapi_retry_seconds,
    )
    gates = _Gates(settings, monotonic)
    to_services = {
        service: ToService(
            upstream, gate=gates.asking(sessions), assertions=issuers[service], timeouts=timeouts(settings)
        )
        for service, upstream in upstreams.items()
    }
    to_streams = ToEventStream(
        streams,
        gate=gates.asking(watched_sessions),
        sessions=watched_sessions,
        heartbeat_seconds=settings.event_heartbeat_seconds,
    )
    edge = Edge(
        table=RouteTable(routes),
        pages=dict.fromkeys(PUBLIC_PAGES, public_pages(readiness=readiness, openapi=openapi)),
        web=WebSite(read_web_files(settings.web_folder) if settings.web_folder else None),
        destinations={**to_services, NEWS: to_streams},
        recorder=ExchangeRecorder(HttpMetrics(metrics), monotonic=monotonic),
        ids=ids,
        hosts=frozenset(host.encode() for host in settings.hosts),
        trusted_proxies=settings.proxy_networks,
        cross_origin=CrossOrigin(
            frozenset(origin.encode() for origin in settings.origins), request_headers=CROSS_ORIGIN_HEADERS
        ),
        limits=edge_limits(settings),
        is_draining=lambda: readiness.draining,
    )
    operations = operations_pages(readiness=readiness, metrics=metrics, openapi=openapi)
    return Gateway(
        edge=edge,
        operations=operations,
        readiness=readiness,
        metrics=metrics,
        openapi=openapi,
        sessions=sessions,
        watched_sessions=watched_sessions,
        streams=streams,
        upstreams=upstreams,
        http=http,
    )


def _session_check(
    settings: GatewaySettings, http: aiohttp.ClientSession, assertion: Callable[[], str], *, counts_as_use: bool = True
) -> SessionCheck:
    ask = AuthClient(http, settings.auth_url, assertion=assertion, counts_as_use=counts_as_use)
    return SessionCheck(ask, timeout_seconds=settings.session_check_timeout_seconds)


def _issuers(settings: GatewaySettings, clock: Clock) -> dict[str, AssertionIssuer]:
    return {service: AssertionIssuer(keys, clock=clock) for service, keys in settings.assertion_keys.items()}


def _own_assertion(issuer: AssertionIssuer, ids: IdGenerator) -> str:
    """Return the proof that the gateway itself is asking auth."""
    return issuer.issue(Caller(kind="service", account_id=SERVICE, request_id=ids.new_id()), audience="auth")


class _Gates:
    """Makes gates that ask in different ways and count together."""

    def __init__(self, settings: GatewaySettings, monotonic: Monotonic) -> None:
        guest_rate = Rate(settings.guest_requests_burst, settings.guest_requests_per_second)
        session_rate = Rate(settings.session_requests_burst, settings.session_requests_per_second)
        self._guests = TokenBuckets(guest_rate, monotonic=monotonic)
        self._holders = TokenBuckets(session_rate, monotonic=monotonic)
        self._origins = frozenset(origin.encode() for origin in settings.origins)

    def asking(self, sessions: SessionCheck) -> Gate:
        return Gate(sessions, guests=self._guests, holders=self._holders, origins=self._origins)
