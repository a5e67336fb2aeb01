"""A third party asks whether a file or paper is an export of ours."""

from datetime import timedelta
from typing import Final

from ansinh_kit.clock import Clock
from ansinh_kit.decider import load
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.personal_data.blind_index import BlindIndex
from ansinh_kit.throttling.port import Throttling
from ansinh_kit.throttling.rules import Throttle, Window, Windows

from records.domain.exports.code import export_id_of
from records.domain.exports.events import ExportMade
from records.domain.exports.export import export_decider
from records.handlers.exporting import export_stream

# A bank's clerks sit behind one address. Nobody guesses one of 2^100 codes: this only keeps the log from being flooded
# with questions, so no human check is asked for, which a phone that scans the code could not pass.
CHECKS_PER_ADDRESS: Final[Throttle] = Windows((Window(120, timedelta(hours=1)), Window(600, timedelta(days=1))))


class ExportChecks:
    def __init__(self, *, store: EventStore, throttles: Throttling, blind_index: BlindIndex, clock: Clock) -> None:
        self._store = store
        self._throttles = throttles
        self._blind_index = blind_index
        self._clock = clock

    async def find(self, code: str, *, address: str) -> ExportMade | None:
        """Return what was made under the code; `None` for a code never given and for what is no code alike.

        Asked of the log itself, so an export is known as soon as its file is out.

        Raises:
            TooManyAttemptsError: Too many codes were checked from this address.
            UnavailableError: It could not be counted, or the log did not answer.
        """
        key = f"export-checks-from:{self._blind_index.of('address', address)}"
        await self._throttles.admit(key, CHECKS_PER_ADDRESS, self._clock.now())
        loaded = await load(self._store, export_stream(export_id_of(code)), export_decider)
        return loaded.state.made
