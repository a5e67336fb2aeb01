"""What the server calls: one application for the whole life of the process, behind which settings can change."""

from typing import Final

import structlog
from ansinh_kit.settings import SettingsError, load_settings

from gateway.asgi import Receive, Scope, Send
from gateway.limits import head_limits
from gateway.protocol import EdgeProtocol, edge_protocol
from gateway.settings import GatewaySettings
from gateway.surface import Surface
from gateway.web_files import WebTooLargeError

log = structlog.get_logger(__name__)

RELOADABLE: Final = frozenset(
    {
        "hosts", "origins", "trusted_proxies", "web_folder", "event_heartbeat_seconds",
        "auth_assertion_keys", "registration_assertion_keys", "notifications_assertion_keys", "records_assertion_keys",
        "guest_requests_burst", "guest_requests_per_second", "session_requests_burst", "session_requests_per_second",
        "target_bytes", "header_bytes", "header_count", "small_body_bytes", "upload_body_bytes", "bulk_body_bytes",
        "head_seconds", "body_pause_seconds", "first_byte_seconds", "whole_seconds", "upload_whole_seconds",
        "linger_seconds", "linger_bytes", "keep_alive_seconds",
    }
)  # fmt: skip


class FrontDoor:
    """Hands each request to the edge that holds when it begins; a request under way ends by the rules it began with.

    Attributes:
        protocol: The class of a connection; its limits follow the settings from the next connection on.
    """

    def __init__(self, surface: Surface, settings: GatewaySettings) -> None:
        self._surface = surface
        self._settings = settings
        self._edge = surface.edge(settings)
        self.protocol: type[EdgeProtocol] = edge_protocol(head_limits(settings))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._edge(scope, receive, send)

    def reload(self) -> None:
        """Read the settings again and keep them; if they are wrong, say so and go on with those that hold.

        What a process takes from its environment stays; what it takes from files, `GATEWAY_…_FILE`, is new.
        """
        try:
            self.keep(load_settings(GatewaySettings))
        except (SettingsError, OSError, WebTooLargeError) as error:
            log.error("settings_not_reloaded", error=type(error).__name__)  # noqa: TRY400 - its text may quote a value

    def keep(self, settings: GatewaySettings) -> None:
        """Keep these settings from the next request on. Raises as `Surface.edge` does; nothing has changed then."""
        changed = {name for name in GatewaySettings.model_fields if self._differs(name, settings)}
        self._edge = self._surface.edge(settings)
        self.protocol.limits = head_limits(settings)
        self._settings = settings
        log.info("settings_reloaded", settings=sorted(changed & RELOADABLE))
        if changed - RELOADABLE:
            log.warning("settings_need_a_restart", settings=sorted(changed - RELOADABLE))

    def _differs(self, name: str, settings: GatewaySettings) -> bool:
        return bool(getattr(settings, name) != getattr(self._settings, name))
