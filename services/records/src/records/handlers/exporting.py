"""Makes a file of a record, and writes down that it was made before it goes out."""

import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from ansinh_kit.clock import Clock
from ansinh_kit.decider import handle
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.throttling.port import Throttling
from ansinh_kit.throttling.rules import Throttle, Window, Windows

from records.domain.exports.code import RANDOM_BYTES, code_from, export_id_of
from records.domain.exports.errors import ExportTooLargeError
from records.domain.exports.events import ExportMade
from records.domain.exports.export import MakeExport, export_decider
from records.domain.exports.masked import masked
from records.domain.exports.sheet import Sheet, Stamp
from records.domain.exports.what import Format, What
from records.domain.language import Language
from records.handlers.context import CommandContext

# LIM-25. A PDF takes fewer rows: it is made while the reader waits, and a thousand rows are twenty-five pages.
ROWS_MAX: Final[Mapping[Format, int]] = {"pdf": 1_000, "csv": 10_000, "json": 10_000}
EXPORTS_PER_CALLER: Final[Throttle] = Windows((Window(30, timedelta(hours=1)), Window(100, timedelta(days=1))))


class Files(Protocol):
    async def write(self, sheet: Sheet, stamp: Stamp, export_format: Format) -> bytes:
        """Return the whole file.

        Raises:
            UnavailableError: The machine is too busy.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportOrder:
    """What is to be made, of whose record and as of when; `as_of` is not in the future."""

    participant_id: str
    holder_name: str
    what: What
    format: Format
    language: Language
    as_of: datetime


@dataclass(frozen=True, slots=True)
class ExportFile:
    """The file, and its code as it stands in it."""

    content: bytes
    code: str


class Exporting:
    """Makes exports.

    Args:
        check_address: Where a code is checked; the code is put behind it.
        draw: Returns so many random bytes, fit for secrets.
    """

    def __init__(
        self,
        *,
        store: EventStore,
        files: Files,
        throttles: Throttling,
        clock: Clock,
        check_address: str,
        draw: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self._store = store
        self._files = files
        self._throttles = throttles
        self._clock = clock
        self._check_address = check_address
        self._draw = draw

    async def admit(self, actor: str) -> None:
        """Count an export before anything is read for it.

        Raises:
            TooManyAttemptsError: This caller has made too many.
            UnavailableError: It could not be counted.
        """
        await self._throttles.admit(f"exports-by:{actor}", EXPORTS_PER_CALLER, self._clock.now())

    async def position(self) -> int:
        """Return up to where the log has come: a file that is asked for now has to know all of it."""
        return await self._store.last_position()

    async def make(self, order: ExportOrder, sheet: Sheet, context: CommandContext) -> ExportFile:
        """Return the file of `sheet`; when this returns, that it was made is in the log.

        Raises:
            ExportTooLargeError: It has more rows than a file of this format takes.
            UnavailableError: It could not be made in time, or not be recorded.
        """
        if sheet.rows > ROWS_MAX[order.format]:
            raise ExportTooLargeError(order.format, ROWS_MAX[order.format])
        stamp = self._stamp(order)
        content = await self._files.write(sheet, stamp, order.format)
        await self._record(order, stamp, content, context)
        return ExportFile(content, stamp.code)

    def _stamp(self, order: ExportOrder) -> Stamp:
        code = code_from(self._draw(RANDOM_BYTES))
        return Stamp(
            code=code,
            check_address=f"{self._check_address}{code}",
            as_of=order.as_of,
            made_at=self._clock.now(),
            language=order.language,
        )

    async def _record(self, order: ExportOrder, stamp: Stamp, content: bytes, context: CommandContext) -> None:
        made = ExportMade(
            export_id=export_id_of(stamp.code),
            participant_id=order.participant_id,
            what=order.what,
            format=order.format,
            language=order.language,
            holder=masked(order.holder_name),
            code=stamp.code,
            as_of=order.as_of,
            sha256=hashlib.sha256(content).hexdigest(),
            made_at=stamp.made_at,
        )
        await handle(
            self._store,
            export_stream(made.export_id),
            MakeExport(made),
            export_decider,
            commit_id=context.commit_id,
            metadata=context.metadata,
        )


def export_stream(export_id: str) -> str:
    return f"export-{export_id}"
