"""P-16: from nothing running to the first answered request, with everything cached."""

import asyncio
import time
from pathlib import Path

from devtools.bench.environment import Environment
from devtools.bench.figure import Figure, Spread, relative_spread
from devtools.system.control import Control
from devtools.system.demo import Demo
from devtools.system.layout import Layout, Ports
from devtools.system.topology import Topology

ROUNDS = 3
TARGET_SECONDS = 20.0


async def run(environment: Environment) -> list[Figure]:
    """Start a whole system of its own, servers included, three times over; the first makes its data folder."""
    environment.without_servers()
    seconds = [await asyncio.to_thread(_start_once, environment.directory / "system") for _ in range(ROUNDS)]
    spread = Spread.of(seconds)
    return [
        Figure(
            id="P-16",
            name="./dev up, all processes and servers, to the first answered request",
            value=spread.p50,
            unit="s",
            target=f"<= {TARGET_SECONDS:.0f} s",
            met=spread.highest <= TARGET_SECONDS,
            n=spread.n,
            p50=spread.p50,
            p95=spread.p95,
            p99=spread.p99,
            spread=relative_spread(seconds),
            detail={"rounds": seconds, "first_round_makes_the_data": True},
        )
    ]


def _start_once(data: Path) -> float:
    layout = Layout(data=data, ports=Ports.free())
    control = Control(layout)
    began = time.monotonic()
    plan = Topology(layout, environment={}).plan()
    control.start(plan)
    try:
        control.wait_until_ready()
        Demo(layout, plan).first_request()
        return time.monotonic() - began
    finally:
        control.stop()
