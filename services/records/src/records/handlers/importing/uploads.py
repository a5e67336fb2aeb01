"""Files that staff send in: stored, looked at, and worked through in the background."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Final

import structlog
from ansinh_kit.clock import Clock, IdGenerator
from ansinh_kit.errors import UnavailableError
from ansinh_kit.events import Metadata
from ansinh_kit.throttling.port import Throttling
from ansinh_kit.throttling.rules import Throttle, Window, Windows

from records.domain.bulk.refusals import FileRefusedError
from records.domain.imports.decide import Import, ImportNotFoundError
from records.domain.imports.events import FileKindName
from records.domain.offices import Officer, covers
from records.handlers.importing.chunks import FileLimits, inspect
from records.handlers.importing.faults import Faults
from records.handlers.importing.importing import Importing, ImportRequest
from records.projections.read_model import ReadModel
from records.storage.import_files import ImportFiles

log = structlog.get_logger(__name__)

_AT_ONCE: Final = 20
# Beyond these a file that came in 64 MiB is packed to harm: rows of ours pack to a tenth, and none has 13 bytes.
SENT_IN: Final = FileLimits(bytes=1024**3, lines=5_000_000)
# Each may be 64 MiB, and they are worked through one after the other.
FILES_PER_OFFICER: Final[Throttle] = Windows((Window(60, timedelta(hours=1)), Window(300, timedelta(days=1))))
# Longer than any upload and its inspection take: what nobody works through by then, nobody ever will.
_ABANDONED_AFTER: Final = timedelta(hours=1)
_SWEPT_AT_ONCE: Final = 1_000
_CATCH_UP_SECONDS: Final = 30.0


class Uploads:
    def __init__(
        self,
        *,
        importing: Importing,
        files: ImportFiles,
        imports: ReadModel,
        throttles: Throttling,
        ids: IdGenerator,
        clock: Clock,
    ) -> None:
        self._importing = importing
        self._files = files
        self._imports = imports
        self._throttles = throttles
        self._ids = ids
        self._clock = clock
        self._faults = Faults(clock)

    async def accept(
        self, kind: FileKindName, content: AsyncIterator[bytes], officer: Officer, metadata: Metadata, *, dry_run: bool
    ) -> str:
        """Store the file and begin its import; return the import's id. The same file again meets its running import.

        Raises:
            TooManyAttemptsError: This officer has sent in too many (SEC-03).
            FileRefusedError: The file cannot be read to its end, or is of another kind; nothing is kept of it.
        """
        await self._throttles.admit(f"imports-by:{officer.officer_id}", FILES_PER_OFFICER, self._clock.now())
        file_id = self._ids.new_id()
        await self._keep(file_id, content)
        request = ImportRequest(
            kind=kind,
            agency_code=officer.agency_code,
            started_by=officer.officer_id,
            dry_run=dry_run,
            file_id=file_id,
        )
        try:
            inspected = await inspect(self._files.blocks(file_id), self._importing.columns_of(kind), SENT_IN)
        except FileRefusedError:
            await self._files.delete(file_id)
            raise
        import_id = await self._importing.start(request, inspected, metadata)
        started = (await self._importing.find(import_id)).started
        if started is not None and started.file_id != file_id:
            await self._files.delete(file_id)
        return import_id

    async def _keep(self, file_id: str, content: AsyncIterator[bytes]) -> None:
        try:
            await self._files.keep(file_id, content)
        except BaseException:
            # Cut off or too large: half a file of people's values must not stay.
            await self._files.delete(file_id)
            raise

    async def find(self, import_id: str, officer: Officer) -> Import:
        """Return an import of the officer's agency.

        Raises:
            ImportNotFoundError: There is none, or it is another agency's.
        """
        found = await self._importing.find(import_id)
        agency_code = found.started.agency_code if found.started is not None else None
        if agency_code is None or not covers(officer.agency_code, agency_code):
            raise ImportNotFoundError
        return found

    async def carry_on(self) -> None:
        """Work through every file that waits, the oldest first. One that cannot go on does not hold up others."""
        waiting = {"status": "running"}
        for found in await self._imports.find(waiting, sort=[("started_at", 1)], limit=_AT_ONCE):
            if found["file_id"] is not None and not self._faults.has_to_wait(found["import_id"]):
                await self._run(found["import_id"], found["file_id"])

    async def sweep(self) -> None:
        """Delete the files that no import will read: of senders who died half-way, of imports that have ended.

        Raises:
            UnavailableError: It cannot be told now which those are; nothing was deleted.
        """
        # The list of imports must know all that have begun: a file it does not name is one that nobody waits for.
        await self._imports.wait_for(await self._importing.position(), timeout_seconds=_CATCH_UP_SECONDS)
        before = self._clock.now() - _ABANDONED_AFTER
        for file_id in await self._files.kept_since_before(before, limit=_SWEPT_AT_ONCE):
            if not await self._imports.count({"file_id": file_id, "status": "running"}):
                await self._files.delete(file_id)
                log.warning("import_file_swept")

    async def _run(self, import_id: str, file_id: str) -> None:
        try:
            ended = await self._ended(import_id, file_id)
            if ended is None:
                return
            await self._files.delete(file_id)
        except UnavailableError as error:
            log.warning("import_waits", import_id=import_id, dependency=error.dependency)
            return
        self._faults.forget(import_id)
        failure = None if ended.failure is None else ended.failure.rule
        log.info("import_ended", import_id=import_id, status=ended.status, failure=failure, rows=ended.counts.rows)

    async def _ended(self, import_id: str, file_id: str) -> Import | None:
        """Return the import at its end; `None` if it is to be tried again.

        Raises:
            UnavailableError: A dependency is down.
        """
        try:
            return await self._importing.run(import_id, lambda: self._files.blocks(file_id))
        except UnavailableError:
            raise
        except Exception:  # a fault in one file must not keep the others waiting for ever
            log.exception("import_broke_off", import_id=import_id)
            if not self._faults.is_hopeless_after(import_id):
                return None
            return await self._importing.give_up(import_id)
