"""Puts the edge of a service together, in the order in which a request meets its layers."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from fastapi import FastAPI

from ansinh_kit.clock import IdGenerator
from ansinh_kit.http.assertion import AssertionVerifier
from ansinh_kit.http.body_limits import UPLOAD_LIMIT_BYTES, BodyLimitMiddleware
from ansinh_kit.http.edge import EdgeMiddleware
from ansinh_kit.http.health import Readiness, health_routes
from ansinh_kit.http.idempotency import Idempotency
from ansinh_kit.http.json_bodies import StrictJsonMiddleware
from ansinh_kit.http.problem_handlers import ProblemHandlers
from ansinh_kit.http.problem_schema import PROBLEM_RESPONSES
from ansinh_kit.http.problems import ErrorTable
from ansinh_kit.http.rules import RuleTexts
from ansinh_kit.http.single_parameters import SingleParametersMiddleware
from ansinh_kit.observability.metrics import HttpMetrics, Metrics

_PUBLIC_PATHS: Final = ("/health/live", "/health/ready", "/metrics", "/openapi.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """What the HTTP side of a service stands on, beside its own routes."""

    verifier: AssertionVerifier
    readiness: Readiness
    metrics: Metrics
    idempotency: Idempotency
    ids: IdGenerator


def create_app(
    edge: Edge,
    *,
    title: str,
    version: str,
    errors: ErrorTable | None = None,
    rules: RuleTexts | None = None,
    public_paths: Collection[str] = (),
    upload_limit_bytes: int = UPLOAD_LIMIT_BYTES,
) -> FastAPI:
    """Return an app to which the service adds its routers.

    A request meets, in this order: identity and request id (`EdgeMiddleware`), the body's size, the query's names,
    strict JSON, the route. Every answer is `no-store` and `nosniff`; every refusal is a problem. Interactive
    documentation is off: the gateway publishes the merged `openapi.json`.

    Args:
        public_paths: Paths that need no caller, beside health, metrics and the schema.
    """
    rules = rules or RuleTexts()
    app = FastAPI(title=title, version=version, docs_url=None, redoc_url=None, responses=PROBLEM_RESPONSES)
    app.state.idempotency = edge.idempotency
    app.state.ids = edge.ids
    app.router.routes.extend(health_routes(edge.readiness, edge.metrics))
    ProblemHandlers(errors or ErrorTable(), rules).install(app)
    # Starlette runs the layer added last first.
    app.add_middleware(StrictJsonMiddleware, rules=rules)
    app.add_middleware(SingleParametersMiddleware, rules=rules)
    app.add_middleware(BodyLimitMiddleware, limit_bytes=upload_limit_bytes)
    app.add_middleware(
        EdgeMiddleware,
        verifier=edge.verifier,
        ids=edge.ids,
        metrics=HttpMetrics(edge.metrics),
        readiness=edge.readiness,
        public_paths=(*_PUBLIC_PATHS, *public_paths),
    )
    return app
