"""The life of a process: start, serve, supervise, drain.

The HTTP side is up from the first moment: while MongoDB or the broker is away the process stays, answers 503 and says
in `/health/ready` what is missing. Start hooks are tried until they succeed, then background work begins.
"""

import asyncio
import gc
import itertools
import signal
import socket
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, Final, TypeVar

import structlog
import uvicorn
import uvloop
from starlette.types import ASGIApp

from ansinh_kit.backoff import Backoff
from ansinh_kit.errors import UnavailableError
from ansinh_kit.http.gathered_writes import GatheringProtocol
from ansinh_kit.http.health import Check, Readiness
from ansinh_kit.observability.metrics import Metrics, TaskMetrics
from ansinh_kit.supervision import SupervisedTask, Work, run_together

log = structlog.get_logger(__name__)

Result = TypeVar("Result")
Hook = Callable[[], Awaitable[None]]

_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)
# Of the drain's time, what is kept for background work and stop hooks after the last request.
_CLOSING_SHARE: Final = 0.2
_BACKLOG: Final = 2048
# Many times what a request makes; 700, which Python begins with, is less than one.
_COLLECT_AFTER: Final = 10_000
_START_AGAIN: Final = Backoff(first_seconds=0.5, longest_seconds=5.0)


def run_process(main: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
    """Run `main` on uvloop until it returns, and return what it did: the last line of a `__main__`."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(main())


class Runtime:
    """Holds what a composition root registers, in order, and runs it: `await runtime.serve(app, ...)`."""

    def __init__(self, name: str, *, metrics: Metrics, readiness: Readiness) -> None:
        self.name = name
        self.readiness = readiness
        self._task_metrics = TaskMetrics(metrics)
        self._start_hooks: list[Hook] = []
        self._drain_hooks: list[Callable[[], None]] = []
        self._stop_hooks: list[Hook] = []
        self._tasks: list[SupervisedTask] = []
        self._stop_asked = asyncio.Event()
        readiness.starting()

    def on_start(self, hook: Hook) -> None:
        """Call `hook` before background work begins; it is repeated until it succeeds, so it must bear that."""
        self._start_hooks.append(hook)

    def on_drain(self, hook: Callable[[], None]) -> None:
        """Call `hook` when no more connections are accepted: for answers that would not end by themselves."""
        self._drain_hooks.append(hook)

    def on_stop(self, hook: Hook) -> None:
        """Call `hook` when everything else has ended; the last one registered comes first."""
        self._stop_hooks.append(hook)

    def background(self, task_name: str, work: Work, *, needed: bool = True) -> None:
        """Keep `work` running, started again after every end.

        Args:
            needed: Whether the process is unready while the work is not running; readiness shows it under its name.
        """
        task = SupervisedTask(task_name, work, metrics=self._task_metrics)
        self._tasks.append(task)
        if needed:
            self.readiness.add(task_name, task.check)

    def check(self, name: str, check: Check) -> None:
        """Add a readiness check; usual names are `mongodb`, `broker`, `consumer`, `projector`."""
        self.readiness.add(name, check)

    def stop(self) -> None:
        """Begin to drain, as SIGTERM does."""
        self._stop_asked.set()

    async def serve(
        self,
        app: ASGIApp,
        *,
        host: str,
        port: int,
        drain_delay_seconds: float = 0,
        drain_timeout_seconds: float = 30,
        http: type[asyncio.Protocol] = GatheringProtocol,
    ) -> None:
        """Serve `app` and run everything registered until SIGTERM, SIGINT or `stop`; return when all has ended.

        Args:
            drain_delay_seconds: From being unready to no longer accepting, for balancers to notice; part of the time.
            drain_timeout_seconds: From the signal to the end; requests still open by then are cut.
            http: The protocol of a connection.

        Raises:
            OSError: The address cannot be listened on.
        """
        listener = socket.create_server((host, port), backlog=_BACKLOG)
        closing_seconds = drain_timeout_seconds * _CLOSING_SHARE
        server = _Server(_uvicorn_config(app, http, drain_timeout_seconds - closing_seconds - drain_delay_seconds))
        log.info("process_started", service=self.name, port=listener.getsockname()[1])
        try:
            with self._signals_handled():
                await self._serve_until_stopped(server, listener, drain_delay_seconds)
        finally:
            await self._run_stop_hooks(deadline=time.monotonic() + closing_seconds)
            log.info("process_ended", service=self.name)

    async def _serve_until_stopped(
        self, server: "_Server", listener: socket.socket, drain_delay_seconds: float
    ) -> None:
        async with asyncio.TaskGroup() as group:
            serving = group.create_task(server.serve(sockets=[listener]))
            working = group.create_task(self._work())
            await self._stop_asked.wait()
            log.info("process_draining", service=self.name)
            self.readiness.drain()
            await asyncio.sleep(drain_delay_seconds)
            server.should_exit = True
            for hook in self._drain_hooks:
                hook()
            await serving
            working.cancel()

    async def _work(self) -> None:
        for hook in self._start_hooks:
            await _until_done(hook)
        pass_over_what_is_there()
        self.readiness.has_started()
        await run_together(self._tasks)

    async def _run_stop_hooks(self, *, deadline: float) -> None:
        for hook in reversed(self._stop_hooks):
            try:
                await asyncio.wait_for(hook(), max(0.1, deadline - time.monotonic()))
            except Exception:
                # One part that cannot close must not keep the others open; the process ends in any case.
                log.exception("stop_hook_failed", service=self.name)

    @contextmanager
    def _signals_handled(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in _SIGNALS:
            loop.add_signal_handler(number, self.stop)
        try:
            yield
        finally:
            for number in _SIGNALS:
                loop.remove_signal_handler(number)


def pass_over_what_is_there() -> None:
    """Let the collector of garbage never look again at what a process is made of, and at the rest more rarely.

    Whatever is there by now stays until the end: modules, routes, models. To search all of it stopped a service for
    some 80 ms, every few hundred requests.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER, *gc.get_threshold()[1:])


async def _until_done(hook: Hook) -> None:
    for failures in itertools.count(1):
        try:
            await hook()
        except UnavailableError as error:
            log.warning("start_waits_for", dependency=error.dependency)
        except Exception:
            # Not known to pass by itself, and yet a restart would do no better: stay, unready, and say so.
            log.exception("start_hook_failed")
        else:
            return
        await asyncio.sleep(_START_AGAIN.seconds_before(failures + 1))


class _Server(uvicorn.Server):
    """Uvicorn without its signal handlers: it raises the signal again at its end, before anything could be closed."""

    def capture_signals(self) -> AbstractContextManager[None]:  # type: ignore[override]  # narrower than a generator
        return nullcontext()


def _uvicorn_config(app: ASGIApp, http: type[asyncio.Protocol], drain_seconds: float) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=http,
        ws="none",
        lifespan="off",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        log_config=None,
        timeout_graceful_shutdown=max(1, int(drain_seconds)),
    )
