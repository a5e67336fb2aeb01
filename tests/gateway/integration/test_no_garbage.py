"""What a request leaves behind goes at once: in a circle it would wait for the collector, a tenth of all time."""

import gc
from collections.abc import Callable

from gateway.exchange import Exchange

from tests.eventually import eventually
from tests.gateway.conftest import Edges


def exchanges_left() -> int:
    return sum(type(thing) is Exchange for thing in gc.get_objects())


async def test_a_request_leaves_no_circle_behind(edges: Edges, new_token: Callable[[], str]) -> None:
    token = new_token()
    edges.auth.open_session(token)
    headers = {"Authorization": f"Bearer {token}"}
    gc.collect()
    gc.disable()
    try:
        for _ in range(20):
            async with edges.http.get(edges.url("/api/records/v1/participants/me/person"), headers=headers) as answer:
                assert answer.status == 200
        # The last one may not have let go of its connection yet.
        await eventually(lambda: exchanges_left() == 0)
    finally:
        gc.enable()
