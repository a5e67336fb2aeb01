"""Logging of a whole process: one JSON object a line on stdout, in UTC, libraries included (SEC-65)."""

import logging
import sys
import threading
from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import Final, TextIO

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.typing import EventDict, Processor, WrappedLogger

from ansinh_kit.observability.exceptions import describe_exception
from ansinh_kit.observability.redaction import Redaction
from ansinh_kit.observability.request_lines import LineHandler

# Libraries are heard when something is wrong; what they say below that is theirs, and can hold payloads.
_LIBRARY_LEVEL: Final = logging.WARNING
_OWN: Final = ("ansinh_kit",)

log = structlog.get_logger(__name__)


def configure_logging(
    service: str, level: str = "INFO", *, allowed_fields: Iterable[str] = (), stream: TextIO | None = None
) -> None:
    """Send every log line of the process through the allow-list, ours and the libraries'; call once, first of all.

    A library's line keeps its template without its arguments; an exception keeps its classes and frames. What would
    end an interpreter with a printed traceback is logged the same way.

    Args:
        allowed_fields: The service's own field names, beside those of the kit. Only names of ids, states and counts.
        stream: Where lines go; stdout if not given.
    """
    shared = _shared_processors(service)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.filter_by_level,
            *shared,
            ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    redaction = Redaction(allowed_fields)
    handler = LineHandler(stream or sys.stdout, service=service, redaction=redaction)
    handler.setFormatter(_formatter(shared, redaction))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(_LIBRARY_LEVEL)
    for name in (*_OWN, service, "__main__"):
        logging.getLogger(name).setLevel(level)
    _leave_out_what_is_not_shown()
    _route_library_loggers()
    _route_crashes()


def _shared_processors(service: str) -> list[Processor]:
    def add_service(_logger: WrappedLogger, _method: str, event_dict: EventDict) -> EventDict:
        event_dict["service"] = service
        return event_dict

    return [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        add_service,
    ]


def _formatter(shared: Sequence[Processor], redaction: Redaction) -> ProcessorFormatter:
    return ProcessorFormatter(
        foreign_pre_chain=[structlog.contextvars.merge_contextvars, *shared],
        # The template alone: arguments of a library's line are values, and values are what must not be here.
        use_get_message=False,
        processors=[
            _unwrap_exception_message,
            ProcessorFormatter.remove_processors_meta,
            describe_exception,
            redaction,
            structlog.processors.JSONRenderer(),
        ],
    )


def _unwrap_exception_message(_logger: WrappedLogger, _method: str, event_dict: EventDict) -> EventDict:
    """Name the class where a library logs an exception as its message: `logger.error(error)`."""
    message = getattr(event_dict.get("_record"), "msg", None)
    if isinstance(message, BaseException):
        event_dict["event"] = message
    return event_dict


def _leave_out_what_is_not_shown() -> None:
    """Let no line find out its caller, thread, process and task: none shows them, and asking is much of its cost."""
    logging._srcfile = None  # noqa: SLF001 - the way of the library's own documentation
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    if hasattr(logging, "logAsyncioTasks"):  # since Python 3.12
        logging.logAsyncioTasks = False


def _route_library_loggers() -> None:
    """Take away the handlers libraries set for themselves, so that their lines reach ours and no other."""
    for name in list(logging.root.manager.loggerDict):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    logging.captureWarnings(capture=True)


def _route_crashes() -> None:
    def log_crash(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            return
        log.critical("process_crashed", exc_info=(kind, error, trace))

    def log_thread_crash(arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            log_crash(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)

    sys.excepthook = log_crash
    threading.excepthook = log_thread_crash
