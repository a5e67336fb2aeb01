"""From the settings to the limits that each part of the gateway keeps."""

from gateway.circuit_breaker import BreakerRule
from gateway.connection_pool import PoolLimits
from gateway.edge import EdgeLimits
from gateway.patience import Timeouts
from gateway.protocol import HeadLimits
from gateway.rate_limits import Rate
from gateway.routing import TimeoutClass
from gateway.settings import GatewaySettings
from gateway.upstream import UpstreamLimits


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


def guest_rate(settings: GatewaySettings) -> Rate:
    return Rate(settings.guest_requests_burst, settings.guest_requests_per_second)


def session_rate(settings: GatewaySettings) -> Rate:
    return Rate(settings.session_requests_burst, settings.session_requests_per_second)


def upstream_limits(settings: GatewaySettings) -> UpstreamLimits:
    return UpstreamLimits(
        pool=PoolLimits(connections=settings.connections_per_service, connect_seconds=settings.connect_seconds),
        queue=settings.queue_per_service,
        retry_share=settings.retry_share,
        breaker=BreakerRule(
            failing_share=settings.breaker_failing_share,
            least_requests=settings.breaker_least_requests,
            window_seconds=settings.breaker_window_seconds,
            probe_seconds=settings.breaker_probe_seconds,
        ),
    )


def timeouts(settings: GatewaySettings) -> dict[TimeoutClass, Timeouts]:
    return {
        "normal": Timeouts(settings.first_byte_seconds, settings.whole_seconds),
        "upload": Timeouts(settings.first_byte_seconds, settings.upload_whole_seconds),
    }


def edge_limits(settings: GatewaySettings) -> EdgeLimits:
    return EdgeLimits(
        body_bytes={
            "none": 0,
            "small": settings.small_body_bytes,
            "upload": settings.upload_body_bytes,
            "bulk": settings.bulk_body_bytes,
        },
        body_pause_seconds=settings.body_pause_seconds,
        linger_seconds=settings.linger_seconds,
        linger_bytes=settings.linger_bytes,
    )
