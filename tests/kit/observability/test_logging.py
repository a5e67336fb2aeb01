import asyncio
import io
import logging
import sys
import threading
import warnings
from datetime import datetime, timedelta

import pytest
import structlog
from ansinh_kit.errors import UnavailableError
from ansinh_kit.http.request_context import RequestContext, bound

from tests.kit.observability.conftest import Lines

CANARIES = (
    "NGUYEN THI HUE",
    "0912345678",
    "079123456789",
    "hue@example.vn",
    "sit_S3cr3tTokenOfHue",
    "P4ssw0rd!",
    "Nguyễn Thị Huệ",
)
SECRET_TEXT = " | ".join(CANARIES)

log = structlog.get_logger("auth.handlers")


class DriverError(Exception):
    """As a database driver raises it: with the whole document in its text."""


def refuse() -> None:
    raise DriverError(f"duplicate key: {{ name: '{SECRET_TEXT}' }}")


def fail() -> None:
    try:
        refuse()
    except DriverError as error:
        raise UnavailableError("mongodb") from error


def assert_no_canary(output: io.StringIO) -> None:
    text = output.getvalue()
    assert text
    for canary in CANARIES:
        assert canary not in text
        assert canary.encode("ascii", "backslashreplace").decode() not in text


@pytest.mark.sec("SEC-65")
def test_a_line_is_json_with_service_level_and_utc(lines: Lines) -> None:
    log.info("session_opened", declaration_id="d-1")
    (line,) = lines()
    assert line["event"] == "session_opened"
    assert (line["service"], line["level"], line["logger"]) == ("auth", "info", "auth.handlers")
    assert datetime.fromisoformat(line["timestamp"]).utcoffset() == timedelta(0)


def test_a_request_binds_its_id_to_every_line_within(lines: Lines) -> None:
    with bound(RequestContext("request-1")):
        log.info("within")
        logging.getLogger("uvicorn.error").error("within")
    log.info("without")
    assert [line.get("request_id") for line in lines()] == ["request-1", "request-1", None]


@pytest.mark.sec("PII-09")
def test_no_field_event_or_exception_lets_a_canary_out(output: io.StringIO) -> None:
    log.info("session_opened", name=CANARIES[0], phone=CANARIES[1], command={"password": CANARIES[5]})
    log.info("session_opened", reason=f"{CANARIES[1]} {CANARIES[2]} {CANARIES[3]} {CANARIES[4]}")
    log.info(f"opened for '{SECRET_TEXT}'")  # noqa: G004 - someone will
    try:
        fail()
    except UnavailableError:
        log.exception("unexpected_error")
        log.error("unexpected_error", exc_info=True)  # noqa: G201 - every way to hand an exception over
        log.warning("unexpected_error", exc_info=sys.exc_info())
    assert_no_canary(output)


@pytest.mark.sec("PII-09")
@pytest.mark.parametrize("library", ["uvicorn.error", "aio_pika.connection", "pymongo.command", "asyncio", "anything"])
def test_no_librarys_line_lets_a_canary_out(output: io.StringIO, library: str) -> None:
    logger = logging.getLogger(library)
    logger.error("command failed %s", SECRET_TEXT)
    logger.error("command failed {'name': '%s'}" % SECRET_TEXT)  # noqa: UP031, G002 - libraries do exactly this
    logger.error(DriverError(SECRET_TEXT))
    logger.error("failed", extra={"command": SECRET_TEXT})
    try:
        fail()
    except UnavailableError:
        logger.exception("Exception in ASGI application\n")
    assert_no_canary(output)


@pytest.mark.sec("PII-09")
async def test_an_error_nobody_waited_for_lets_no_canary_out(output: io.StringIO) -> None:
    asyncio.get_running_loop().call_exception_handler(
        {"message": "Task exception was never retrieved", "exception": DriverError(SECRET_TEXT), "task": SECRET_TEXT}
    )
    assert_no_canary(output)


@pytest.mark.sec("PII-09")
def test_a_crash_of_the_process_or_a_thread_lets_no_canary_out(output: io.StringIO) -> None:
    def crash() -> None:
        raise DriverError(SECRET_TEXT)

    try:
        crash()
    except DriverError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    thread = threading.Thread(target=crash)
    with warnings.catch_warnings(action="ignore"):
        thread.start()
        thread.join()
    assert output.getvalue().count("process_crashed") == 2
    assert_no_canary(output)


def test_a_warning_lets_no_canary_out(output: io.StringIO) -> None:
    with warnings.catch_warnings(action="always"):
        warnings.warn(SECRET_TEXT, stacklevel=1)
    assert_no_canary(output)


def test_an_exception_is_its_classes_and_places(lines: Lines) -> None:
    try:
        fail()
    except UnavailableError:
        log.exception("unexpected_error")
    (line,) = lines()
    outer, inner = line["exception"]
    assert outer["class"] == "ansinh_kit.errors.UnavailableError"
    assert inner["class"].endswith("test_logging.DriverError")
    assert ".fail:" in outer["frames"][-1]


def test_an_exception_group_tells_all_its_members(lines: Lines) -> None:
    log.error("unexpected_error", exc_info=ExceptionGroup("several", [ValueError("a"), KeyError("b")]))
    (line,) = lines()
    assert [link["class"] for link in line["exception"]] == ["ExceptionGroup", "ValueError", "KeyError"]


@pytest.mark.sec("SEC-65")
def test_a_line_end_in_a_value_does_not_make_a_line(output: io.StringIO, lines: Lines) -> None:
    log.info("session_opened", reason='a\r\n{"event": "forged"}\x1b[31m\u2028b')
    assert len(lines()) == 1
    assert "\x1b" not in output.getvalue()
    assert "\u2028" not in output.getvalue()


def test_libraries_are_heard_from_warnings_on_and_we_from_the_level_set(lines: Lines) -> None:
    logging.getLogger("pymongo.command").debug("noise")
    logging.getLogger("uvicorn.error").info("noise")
    logging.getLogger("aio_pika").warning("heard")
    structlog.get_logger("ansinh_kit.runtime").info("heard")
    log.debug("noise")
    assert [line["event"] for line in lines()] == ["heard", "heard"]
