"""Further gateway processes of a running system: the rules of the edge must hold over all of them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from devtools.processes.process import Process
from devtools.servers.ports import LOOPBACK, free_ports
from devtools.system.plan import Plan
from devtools.system.probes import ask

from tests.eventually import eventually


@dataclass(frozen=True)
class GatewayProcess:
    url: str
    process: Process


@asynccontextmanager
async def gateway_beside(plan: Plan, **told: str) -> AsyncIterator[GatewayProcess]:
    """Run one more gateway with the settings of the plan's own.

    Args:
        told: Further variables, such as `GATEWAY_AUTH_URL`.
    """
    port, operations_port = free_ports(2)
    ports = {"GATEWAY_PORT": str(port), "GATEWAY_OPERATIONS_PORT": str(operations_port)}
    planned = plan.named("gateway").command
    command = replace(
        planned,
        name=f"gateway-{port}",
        environment={**planned.environment, **ports, **told},
        log_file=planned.log_file.with_name(f"gateway-{port}.log"),
    )
    process = Process(command)
    process.start()
    try:
        probe = f"http://{LOOPBACK}:{operations_port}/health/ready"
        await eventually(lambda: asyncio.to_thread(lambda: ask(probe).ready), 60, says=f"{command.name} ready")
        yield GatewayProcess(f"http://{LOOPBACK}:{port}", process)
    finally:
        await asyncio.to_thread(process.stop)
