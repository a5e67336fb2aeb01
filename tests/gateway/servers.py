"""Real servers on loopback for the gateway's tests: whatever ASGI application a test wants to stand behind a port."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import uvicorn
from ansinh_kit.cancellation import end_tasks
from devtools.servers.ports import LOOPBACK, free_ports
from gateway.asgi import Application
from uvicorn.server import ServerState


@asynccontextmanager
async def served(app: Application | uvicorn.Config, *, port: int = 0) -> AsyncIterator[int]:
    """Serve the application on a port of its own and yield the port; ends with every connection closed.

    Uvicorn's protocol without its `Server`, whose loop looks only ten times a second whether it should stop.
    """
    config = app if isinstance(app, uvicorn.Config) else plain_config(app)
    config.load()
    state = ServerState()
    state.default_headers = config.encoded_headers

    new_connection: Callable[..., asyncio.Protocol] = config.http_protocol_class
    server = await asyncio.get_running_loop().create_server(
        lambda: new_connection(config=config, server_state=state, app_state={}), LOOPBACK, port
    )
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for connection in list(state.connections):
            connection.transport.abort()
        await end_tasks(state.tasks)
        await server.wait_closed()


def plain_config(app: Application, *, http: type[asyncio.Protocol] | str = "httptools") -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=http,
        interface="asgi3",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
    )


def free_port() -> int:
    """Return a port nobody listens on at this moment."""
    (port,) = free_ports(1)
    return port
