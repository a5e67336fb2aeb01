"""The gateway's own pages: is it alive, is it ready, and what the whole system offers. FastAPI, off the hot path."""

from ansinh_kit.http.health import Readiness, health_routes
from ansinh_kit.observability.metrics import Metrics
from fastapi import FastAPI, Response

from gateway.openapi_source import OpenApiSource

PUBLIC_PAGES = ("/health/live", "/health/ready", "/api/openapi.json")


def public_pages(*, readiness: Readiness, openapi: OpenApiSource) -> FastAPI:
    """Return the pages anyone may read: a word on health without details, and the merged OpenAPI document."""
    app = _plain_app()

    @app.get("/health/live")
    async def live() -> dict[str, str]:
        return {"status": "live"}

    @app.get("/health/ready")
    async def ready(response: Response) -> dict[str, str]:
        if not await readiness.failures():
            return {"status": "ready"}
        response.status_code = 503
        response.headers["Retry-After"] = "2"
        return {"status": "unready"}

    @app.get("/api/openapi.json")
    async def merged_openapi() -> Response:
        return Response(openapi.document, media_type="application/json", headers={"Cache-Control": "no-cache"})

    return app


def operations_pages(*, readiness: Readiness, metrics: Metrics, openapi: OpenApiSource) -> FastAPI:
    """Return the pages for operators, on a port of their own: health in detail, metrics, routes without a service."""
    app = _plain_app()
    app.router.routes.extend(health_routes(readiness, metrics))

    @app.get("/route-differences")
    async def route_differences() -> dict[str, list[str]]:
        found = openapi.differences
        return {
            "routes_without_operation": sorted(found.routes_without_operation),
            "operations_without_route": sorted(found.operations_without_route),
        }

    return app


def _plain_app() -> FastAPI:
    return FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
