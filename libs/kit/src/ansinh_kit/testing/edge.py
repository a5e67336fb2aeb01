"""The parts of a service's HTTP side, in memory."""

from ansinh_kit.clock import Clock, IdGenerator, RandomIds
from ansinh_kit.http.app import Edge
from ansinh_kit.http.assertion import AssertionVerifier
from ansinh_kit.http.health import Readiness
from ansinh_kit.http.idempotency import Idempotency, InMemoryIdempotencyStore
from ansinh_kit.key_list import KeyList
from ansinh_kit.observability.metrics import Metrics
from ansinh_kit.personal_data.blind_index import BlindIndex


def in_memory_edge(
    service: str,
    *,
    keys: KeyList,
    clock: Clock,
    ids: IdGenerator | None = None,
    metrics: Metrics | None = None,
    readiness: Readiness | None = None,
) -> Edge:
    """Return an edge of its own for `create_app`; `keys` sign the callers' assertions."""
    return Edge(
        verifier=AssertionVerifier(keys, service=service, clock=clock),
        readiness=readiness or Readiness(),
        metrics=metrics or Metrics(service),
        idempotency=Idempotency(InMemoryIdempotencyStore(), BlindIndex(keys)),
        ids=ids or RandomIds(),
    )
