"""Who the fuzzer speaks as: a guest, a citizen and a member of staff of a system of their own, taken from the story."""

import asyncio
import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from http.client import HTTPConnection
from pathlib import Path

from devtools.errors import ToldError
from devtools.servers.ports import LOOPBACK
from devtools.story.cast import Cast
from devtools.story.people import Officer
from devtools.story.play import OPENING, play
from devtools.story.report import Report
from devtools.system.control import Control
from devtools.system.demo import Demo
from devtools.system.layout import Layout, Ports
from devtools.system.topology import Topology

# One of each kind asks without a pause: what is tried is what is answered, not the limits in front of it.
_UNLIMITED = {
    "gateway": {
        "GATEWAY_GUEST_REQUESTS_BURST": "1000000",
        "GATEWAY_GUEST_REQUESTS_PER_SECOND": "100000",
        "GATEWAY_SESSION_REQUESTS_BURST": "1000000",
        "GATEWAY_SESSION_REQUESTS_PER_SECOND": "100000",
        # The fuzzer, on the same cores, is no reason to give auth's answer up.
        "GATEWAY_SESSION_CHECK_TIMEOUT_SECONDS": "5",
    }
}
_WHO = "/api/auth/v1/me"


@dataclass(frozen=True)
class FuzzCaller:
    """`ids` are values that exist, by the name of the parameter; with made-up ones alone all would be absent."""

    kind: str
    headers: Mapping[str, str]
    ids: Mapping[str, str]

    @property
    def has_session(self) -> bool:
        return "Authorization" in self.headers


@dataclass(frozen=True)
class Fuzzed:
    """The running system, and who may be spoken as."""

    layout: Layout
    callers: tuple[FuzzCaller, ...]

    def must_still_be(self, caller: FuzzCaller) -> None:
        """Make sure that the caller's session outlived the run: with a dead one, everything is answered 401.

        Raises:
            ToldError: It did not.
        """
        if not caller.has_session:
            return
        connection = HTTPConnection(LOOPBACK, self.layout.ports.gateway, timeout=10)
        try:
            connection.request("GET", _WHO, headers=dict(caller.headers))
            answer = connection.getresponse()
            code = json.loads(answer.read()).get("code")
        finally:
            connection.close()
        if answer.status == 401:  # noqa: PLR2004 - unauthorized
            raise ToldError(
                f"the session of the {caller.kind} ended during the run ({code}): what was found counts little"
            )


@contextmanager
def system_to_fuzz() -> Iterator[Fuzzed]:
    """Start a system with people in it, and stop it.

    Raises:
        ToldError: It did not start, or its story did not go as told.
    """
    with tempfile.TemporaryDirectory(prefix="ansinh-fuzz-", ignore_cleanup_errors=True) as folder:
        layout = Layout(data=Path(folder), ports=Ports.free())
        control = Control(layout)
        plan = Topology(layout, environment={}, overrides=_UNLIMITED).plan()
        control.start(plan)
        try:
            control.wait_until_ready(within_seconds=180)
            officers = [Officer(**asdict(one)) for one in Demo(layout, plan).officers()]
            yield Fuzzed(layout, _callers(asyncio.run(_story(layout, *officers))))
        finally:
            control.stop()


async def _story(layout: Layout, officer: Officer, stranger: Officer) -> Cast:
    report = Report(quiet=True)
    cast = await play(
        report,
        gateway_url=layout.gateway_url,
        sandbox_url=layout.sandbox_url,
        officer=officer,
        stranger=stranger,
        chapters=OPENING,
    )
    if not report.passed:
        raise ToldError(f"the story failed: {report.summary()}")
    return cast


def _callers(cast: Cast) -> tuple[FuzzCaller, ...]:
    declaration = {"declaration_id": cast.declaration_id, "kind": "portrait"}
    return (
        FuzzCaller("guest", cast.guest.headers, declaration),
        FuzzCaller("citizen", cast.first_phone.headers, {"who": "me"}),
        FuzzCaller("staff", cast.office.headers, declaration),
    )
