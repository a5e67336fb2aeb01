"""Files that staff send in: stored, looked at, and worked through in the background."""

from collections.abc import AsyncIterator

import structlog
from ansinh_kit.clock import IdGenerator
from ansinh_kit.database import FileMissingError
from ansinh_kit.errors import UnavailableError
from ansinh_kit.events import Metadata

from records.domain.bulk.refusals import FileRefusedError
from records.domain.imports.decide import Import, ImportNotFoundError
from records.domain.imports.events import FileKindName
from records.domain.offices import Officer, covers
from records.handlers.importing.chunks import inspect
from records.handlers.importing.importing import Importing, ImportRequest
from records.projections.read_model import ReadModel
from records.storage.import_files import ImportFiles

log = structlog.get_logger(__name__)

_AT_ONCE = 20


class Uploads:
    def __init__(self, *, importing: Importing, files: ImportFiles, imports: ReadModel, ids: IdGenerator) -> None:
        self._importing = importing
        self._files = files
        self._imports = imports
        self._ids = ids

    async def accept(
        self, kind: FileKindName, content: AsyncIterator[bytes], officer: Officer, metadata: Metadata, *, dry_run: bool
    ) -> str:
        """Store the file and begin its import; return the import's id. The same file again meets its running import.

        Raises:
            FileRefusedError: The file cannot be read to its end, or is of another kind; nothing is kept of it.
        """
        file_id = self._ids.new_id()
        await self._files.keep(file_id, content)
        request = ImportRequest(
            kind=kind,
            agency_code=officer.agency_code,
            started_by=officer.officer_id,
            dry_run=dry_run,
            file_id=file_id,
        )
        try:
            inspected = await inspect(self._files.blocks(file_id), self._importing.columns_of(kind))
        except FileRefusedError:
            await self._files.delete(file_id)
            raise
        import_id = await self._importing.start(request, inspected, metadata)
        started = (await self._importing.find(import_id)).started
        if started is not None and started.file_id != file_id:
            await self._files.delete(file_id)
        return import_id

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
            if found["file_id"] is not None:
                await self._run(found["import_id"], found["file_id"])

    async def _run(self, import_id: str, file_id: str) -> None:
        try:
            ended = await self._importing.run(import_id, lambda: self._files.blocks(file_id))
            await self._files.delete(file_id)
        except UnavailableError as error:
            log.warning("import_waits", import_id=import_id, dependency=error.dependency)
        except FileMissingError:
            # Another process ended it and deleted the file; this one's view is a moment behind.
            log.info("import_file_gone", import_id=import_id)
        else:
            log.info("import_ended", import_id=import_id, status=ended.status, rows=ended.counts.rows)
