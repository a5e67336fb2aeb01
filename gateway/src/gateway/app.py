"""The composition root: builds every object of the gateway and hands it to those that need it."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Final

import aiohttp
from ansinh_kit.clock import Clock, IdGenerator, RandomIds, SystemClock
from ansinh_kit.http.health import Readiness
from ansinh_kit.messaging.broker import Broker
from ansinh_kit.observability.metrics import HttpMetrics, Metrics
from fastapi import FastAPI

from gateway.auth_client import AuthClient
from gateway.event_stream_metrics import count_open_streams
from gateway.event_streams import EventStreams, StreamLimits
from gateway.exchange import ExchangeRecorder
from gateway.front_door import FrontDoor
from gateway.limit_news import LimitNewsSeal
from gateway.limit_news_metrics import LimitNewsMetrics
from gateway.limit_sharing import LimitSharing, limit_fan_out
from gateway.limits import guest_rate, session_rate, upstream_limits
from gateway.news_client import NewsClient
from gateway.openapi_source import OpenApiSource
from gateway.own_operations import OWN_OPERATIONS
from gateway.own_requests import OwnRequests
from gateway.pages import operations_pages
from gateway.plain_client import new_client
from gateway.rate_limits import Monotonic, TokenBuckets
from gateway.routes import ROUTES
from gateway.routing import Route, RouteTable
from gateway.session_check import SessionCheck
from gateway.settings import GatewaySettings
from gateway.shared_limits import LimitName, SharedLimits
from gateway.signers import Signers
from gateway.surface import Surface
from gateway.upstream import Upstream
from gateway.upstream_metrics import UpstreamMetrics

SERVICE: Final = "gateway"
LOG_FIELDS: Final = frozenset(
    {"client_request_id", "caller_kind", "routes_without_operation", "operations_without_route", "settings", "failures"}
)


@dataclass(frozen=True, slots=True)
class Gateway:
    """A gateway that can be served: the public application, the operators' one, and what keeps both going.

    `sharing` is `None` without a broker: then this gateway keeps the limits alone.
    """

    door: FrontDoor
    operations: FastAPI
    readiness: Readiness
    metrics: Metrics
    openapi: OpenApiSource
    sessions: SessionCheck
    watched_sessions: SessionCheck
    streams: EventStreams
    upstreams: Mapping[str, Upstream]
    questions: OwnRequests
    http: aiohttp.ClientSession
    sharing: LimitSharing | None

    async def close(self) -> None:
        """End the connections to the services; who still waits for auth is told that it is unavailable."""
        await asyncio.gather(self.sessions.close(), self.watched_sessions.close())
        self.questions.close()
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
    metrics, readiness, ids = Metrics(SERVICE), Readiness(), RandomIds()
    clock = clock or SystemClock()
    signers = Signers(settings.assertion_keys, clock=clock, ids=ids, own_name=SERVICE)
    limits = upstream_limits(settings)
    by_service = UpstreamMetrics(metrics)
    upstreams = {
        service: Upstream(url, limits, metrics=by_service.of(service), monotonic=monotonic)
        for service, url in settings.service_urls.items()
    }
    http = new_client(connect_seconds=settings.connect_seconds)
    questions = OwnRequests(settings.auth_url, connect_seconds=settings.connect_seconds)
    sessions = _session_check(settings, questions, signers.own)
    watched_sessions = _session_check(settings, questions, signers.own, counts_as_use=False)
    readiness.add("auth", sessions.probe)
    streams = EventStreams(
        NewsClient(http, settings.auth_url, assertion=signers.own),
        StreamLimits(per_session=settings.event_streams_per_session, in_all=settings.event_streams),
    )
    count_open_streams(metrics, lambda: streams.open)
    openapi = OpenApiSource(
        http,
        settings.service_urls,
        routes,
        own=OWN_OPERATIONS,
        version=version("ansinh-gateway"),
        refresh_seconds=settings.openapi_refresh_seconds,
        retry_seconds=settings.openapi_retry_seconds,
    )
    guests = TokenBuckets(guest_rate(settings), monotonic=monotonic)
    holders = TokenBuckets(session_rate(settings), monotonic=monotonic)
    seal = LimitNewsSeal(settings.auth_assertion_keys)
    sharing = _limit_sharing(
        settings,
        {"guests": guests, "holders": holders},
        seal=seal,
        clock=clock,
        ids=ids,
        monotonic=monotonic,
        metrics=metrics,
    )
    surface = Surface(
        table=RouteTable(routes),
        signers=signers,
        limit_news_seal=seal,
        guests=guests,
        holders=holders,
        sessions=sessions,
        watched_sessions=watched_sessions,
        streams=streams,
        upstreams=upstreams,
        openapi=openapi,
        recorder=ExchangeRecorder(HttpMetrics(metrics), monotonic=monotonic),
        readiness=readiness,
        ids=ids,
    )
    operations = operations_pages(readiness=readiness, metrics=metrics, openapi=openapi)
    return Gateway(
        door=FrontDoor(surface, settings),
        operations=operations,
        readiness=readiness,
        metrics=metrics,
        openapi=openapi,
        sessions=sessions,
        watched_sessions=watched_sessions,
        streams=streams,
        upstreams=upstreams,
        questions=questions,
        http=http,
        sharing=sharing,
    )


def _limit_sharing(
    settings: GatewaySettings,
    buckets: Mapping[LimitName, TokenBuckets],
    *,
    seal: LimitNewsSeal,
    clock: Clock,
    ids: IdGenerator,
    monotonic: Monotonic,
    metrics: Metrics,
) -> LimitSharing | None:
    """Build what lets this gateway count together with the others; without a broker it is alone."""
    if settings.amqp_url is None:
        return None
    broker = Broker(settings.amqp_url.get_secret_value(), name=SERVICE, namespace=settings.namespace)
    fan_out = limit_fan_out(broker, member=ids.new_id())
    limits = SharedLimits(
        buckets,
        fan_out.send,
        seal=seal,
        clock=clock,
        ids=ids,
        monotonic=monotonic,
        metrics=LimitNewsMetrics(metrics),
    )
    return LimitSharing(broker, fan_out, limits, every_seconds=settings.limit_news_seconds)


def _session_check(
    settings: GatewaySettings, questions: OwnRequests, assertion: Callable[[], str], *, counts_as_use: bool = True
) -> SessionCheck:
    ask = AuthClient(questions, assertion=assertion, counts_as_use=counts_as_use)
    return SessionCheck(ask, timeout_seconds=settings.session_check_timeout_seconds)
