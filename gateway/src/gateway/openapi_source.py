"""Keeps the merged OpenAPI document ready: fetched from the services, again whenever one of them changes or returns."""

import asyncio
import json
from collections.abc import Mapping, Sequence

import aiohttp
import structlog

from gateway.bounded import read_bounded
from gateway.openapi import Differences, Json, differences, merge
from gateway.routing import Route

log = structlog.get_logger(__name__)

_OK = 200
_MAX_DOCUMENT_BYTES = 4 * 1024 * 1024
_TITLE = "An Sinh Số"


class OpenApiSource:
    """Fetches in the background and answers at once with what it last saw of each service.

    Args:
        services: Base address of each service by name.
        own: What the gateway itself answers, by the name it has in the table.
        refresh_seconds: Pause between fetches while all services answer; `retry_seconds` while one does not.
    """

    def __init__(
        self,
        http: aiohttp.ClientSession,
        services: Mapping[str, str],
        routes: Sequence[Route],
        *,
        own: Mapping[str, Json],
        version: str,
        refresh_seconds: float,
        retry_seconds: float,
    ) -> None:
        self._http = http
        self._services = services
        self._routes = routes
        self._version = version
        self._refresh_seconds = refresh_seconds
        self._retry_seconds = retry_seconds
        self._documents: dict[str, Json] = dict(own)
        self._rendered = b""
        self._render()

    @property
    def document(self) -> bytes:
        """The merged document as JSON; services not seen yet are missing from it."""
        return self._rendered

    @property
    def differences(self) -> Differences:
        """How the routing table and the services seen so far differ; both sets are empty when all is well."""
        seen = [route for route in self._routes if route.service in self._documents]
        return differences(self._documents, seen)

    async def run(self) -> None:
        """Fetch for ever. A service that does not answer keeps the document last seen of it."""
        while True:
            complete = await self.refresh()
            await asyncio.sleep(self._refresh_seconds if complete else self._retry_seconds)

    async def refresh(self) -> bool:
        """Fetch once from every service; return whether all of them answered."""
        fetched = await asyncio.gather(*(self._fetch(service) for service in self._services))
        news = {service: document for service, document in zip(self._services, fetched, strict=True) if document}
        if any(self._documents.get(service) != document for service, document in news.items()):
            self._documents |= news
            self._render()
        return len(news) == len(self._services)

    async def _fetch(self, service: str) -> Json | None:
        try:
            async with (
                asyncio.timeout(5),
                self._http.get(f"{self._services[service]}/openapi.json", allow_redirects=False) as response,
            ):
                if response.status != _OK:
                    return None
                document: Json = json.loads(await read_bounded(response.content, _MAX_DOCUMENT_BYTES))
                return document
        except (aiohttp.ClientError, OSError, ValueError) as error:
            log.info("openapi_fetch_failed", service=service, error=type(error).__name__)
            return None

    def _render(self) -> None:
        merged = merge(self._documents, self._routes, title=_TITLE, version=self._version)
        self._rendered = json.dumps(merged, ensure_ascii=False, separators=(",", ":")).encode()
        found = self.differences
        if found.operations_without_route or found.routes_without_operation:
            log.warning(
                "routes_differ_from_services",
                routes_without_operation=sorted(found.routes_without_operation),
                operations_without_route=sorted(found.operations_without_route),
            )
