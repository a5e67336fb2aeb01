"""From settings to the edge that keeps them, over parts that outlive any change of them."""

from collections.abc import Mapping
from dataclasses import dataclass

from ansinh_kit.clock import IdGenerator
from ansinh_kit.http.health import Readiness

from gateway.answer_headers import CrossOrigin
from gateway.edge import Edge
from gateway.event_streams import EventStreams
from gateway.exchange import ExchangeRecorder
from gateway.gate import Gate
from gateway.head import CROSS_ORIGIN_HEADERS
from gateway.incoming import Destination
from gateway.limit_news import LimitNewsSeal
from gateway.limits import edge_limits, guest_rate, session_rate, timeouts
from gateway.openapi_source import OpenApiSource
from gateway.pages import PUBLIC_PAGES, public_pages
from gateway.rate_limits import TokenBuckets
from gateway.routes import NEWS
from gateway.routing import RouteTable
from gateway.session_check import SessionCheck
from gateway.settings import GatewaySettings
from gateway.signers import Signers
from gateway.to_event_stream import ToEventStream
from gateway.to_service import ToService
from gateway.upstream import Upstream
from gateway.web_files import read_web_files
from gateway.web_site import WebSite


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """Everything an edge stands on. Connections, counts of limits, open streams and metrics survive a change."""

    table: RouteTable
    signers: Signers
    limit_news_seal: LimitNewsSeal
    guests: TokenBuckets
    holders: TokenBuckets
    sessions: SessionCheck
    watched_sessions: SessionCheck
    streams: EventStreams
    upstreams: Mapping[str, Upstream]
    openapi: OpenApiSource
    recorder: ExchangeRecorder
    readiness: Readiness
    ids: IdGenerator

    def edge(self, settings: GatewaySettings) -> Edge:
        """Return an edge that keeps these settings, and make limits and keys keep them too.

        Raises:
            OSError: The folder of the web cannot be read; nothing has changed then.
            WebTooLargeError: It is no built web.
        """
        web = WebSite(read_web_files(settings.web_folder) if settings.web_folder else None)
        self.signers.replace(settings.assertion_keys)
        self.limit_news_seal.replace(settings.auth_assertion_keys)
        self.guests.change(guest_rate(settings))
        self.holders.change(session_rate(settings))
        return Edge(
            table=self.table,
            pages=dict.fromkeys(PUBLIC_PAGES, public_pages(readiness=self.readiness, openapi=self.openapi)),
            web=web,
            destinations=self._destinations(settings),
            recorder=self.recorder,
            ids=self.ids,
            hosts=frozenset(host.encode() for host in settings.hosts),
            trusted_proxies=settings.proxy_networks,
            cross_origin=CrossOrigin(_origins(settings), request_headers=CROSS_ORIGIN_HEADERS),
            limits=edge_limits(settings),
            is_draining=lambda: self.readiness.draining,
        )

    def _destinations(self, settings: GatewaySettings) -> dict[str, Destination]:
        gate = self._gate(self.sessions, settings)
        to_services = {
            service: ToService(upstream, gate=gate, assertions=self.signers.of(service), timeouts=timeouts(settings))
            for service, upstream in self.upstreams.items()
        }
        to_streams = ToEventStream(
            self.streams,
            gate=self._gate(self.watched_sessions, settings),
            sessions=self.watched_sessions,
            heartbeat_seconds=settings.event_heartbeat_seconds,
        )
        return {**to_services, NEWS: to_streams}

    def _gate(self, sessions: SessionCheck, settings: GatewaySettings) -> Gate:
        return Gate(sessions, guests=self.guests, holders=self.holders, origins=_origins(settings))


def _origins(settings: GatewaySettings) -> frozenset[bytes]:
    return frozenset(origin.encode() for origin in settings.origins)
