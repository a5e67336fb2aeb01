"""From a file to its end: begin or go on, chunk after chunk, until every row is recorded or refused."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from ansinh_kit.clock import Clock
from ansinh_kit.decider import Handled, handle, load
from ansinh_kit.event_store.snapshots import Snapshots
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.events import Metadata
from ansinh_kit.fewer_collections import fewer_collections
from ansinh_kit.reservations import Reservations

from records.domain.bulk.columns import Columns
from records.domain.bulk.refusals import FileRefusedError, Refusal
from records.domain.imports.counts import Counts
from records.domain.imports.decide import (
    Command,
    CompleteImport,
    FailImport,
    Import,
    ImportNotFoundError,
    NoteProgress,
    StartImport,
    import_decider,
)
from records.domain.imports.events import FileKindName, ImportStarted
from records.domain.imports.rules import IMPORT_BROKE_OFF
from records.handlers.context import derived_id
from records.handlers.importing.ahead import one_ahead
from records.handlers.importing.chunks import CHUNK_LINES, Inspected, chunks_of
from records.handlers.importing.feeder import Feed, FeedContext, Feeder
from records.handlers.importing.staging import FeedersOver, Staging
from records.storage.import_reports import ImportReports

Blocks: TypeAlias = Callable[[], AsyncIterator[bytes]]
"""Gives the file's bytes from the start, as often as it is asked."""
Progress: TypeAlias = Callable[[Import], None]

STREAM_PREFIX: Final = "import-"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRequest:
    """Who brings what. `agency_code` is whose participants the file may feed: `None` stands for all.

    `file_id` names the stored copy that will be read in the background; `None` if the caller has the file at hand.
    """

    kind: FileKindName
    agency_code: str | None
    started_by: str
    dry_run: bool = False
    file_id: str | None = None


class Importing:
    """Runs imports. Any number of processes may run the same one at once, or one after the other's crash."""

    def __init__(
        self,
        *,
        store: EventStore,
        reservations: Reservations,
        clock: Clock,
        feeders_over: FeedersOver,
        reports: ImportReports,
        snapshots: Snapshots[Import] | None = None,
        chunk_lines: int = CHUNK_LINES,
    ) -> None:
        self._store = store
        self._clock = clock
        self._staging = Staging(store=store, reservations=reservations, clock=clock, feeders_over=feeders_over)
        self._reports = reports
        self._snapshots = snapshots
        self._chunk_lines = chunk_lines

    async def start(self, request: ImportRequest, file: Inspected, metadata: Metadata) -> str:
        """Return the id of the import of this file: the one that has not ended, or a new one.

        The id follows from the file and who brings it, so that whoever was cut off finds the import again. A file
        brought anew after its end is a new import: rows that were refused may be right by now.
        """
        stored = request.file_id is not None
        origin = f"{file.digest}/{request.kind}/{request.agency_code}/{request.dry_run}/{stored}"
        attempt = await self._attempt(origin)
        import_id = _id_of(origin, attempt)
        command = StartImport(
            import_id=import_id,
            kind=request.kind,
            agency_code=request.agency_code,
            started_by=request.started_by,
            digest=file.digest,
            attempt=attempt,
            lines=file.lines,
            dry_run=request.dry_run,
            file_id=request.file_id,
            at=self._clock.now(),
        )
        await self._tell(import_id, command, "start", metadata)
        return import_id

    async def _attempt(self, origin: str) -> int:
        """Return the number of the first import of this file that has not ended."""
        attempt = 1
        while (
            await load(self._store, stream_of(_id_of(origin, attempt)), import_decider, self._snapshots)
        ).state.ended:
            attempt += 1
        return attempt

    async def position(self) -> int:
        """Return up to where the log has come."""
        return await self._store.last_position()

    async def find(self, import_id: str) -> Import:
        """Return the import as it stands.

        Raises:
            ImportNotFoundError: There is none.
        """
        loaded = await load(self._store, stream_of(import_id), import_decider, self._snapshots)
        if loaded.state.started is None:
            raise ImportNotFoundError
        return loaded.state

    async def run(self, import_id: str, blocks: Blocks, *, progress: Progress = lambda _: None) -> Import:
        """Go on with the import to its end, and return how it ended.

        Raises:
            UnavailableError: A dependency is down: run it again, it goes on where it stopped.
        """
        state = await self.find(import_id)
        if state.ended or state.started is None:
            return state
        try:
            with fewer_collections():
                return await self._run(state.started, state, blocks, _metadata(state.started), progress)
        except FileRefusedError as refused:
            return await self._fail(state.started, refused.refusal)

    async def give_up(self, import_id: str) -> Import:
        """End the import as one that broke off; what was recorded stands. One that has ended stays as it is.

        Raises:
            ImportNotFoundError: There is none.
            UnavailableError: The log is down.
        """
        state = await self.find(import_id)
        if state.ended or state.started is None:
            return state
        return await self._fail(state.started, Refusal(1, IMPORT_BROKE_OFF))

    async def _fail(self, started: ImportStarted, refusal: Refusal) -> Import:
        failed = FailImport(refusal, self._clock.now())
        return (await self._tell(started.import_id, failed, "end", _metadata(started))).state

    async def _run(
        self, started: ImportStarted, state: Import, blocks: Blocks, metadata: Metadata, progress: Progress
    ) -> Import:
        import_id = started.import_id
        with self._staging.of(started) as feeder:
            # What was rehearsed is gone with the process that rehearsed it: a dry run begins anew.
            skip, counts = (0, Counts()) if started.dry_run else (state.chunks, state.counts)
            async with one_ahead(self._prepared(started, blocks(), feeder, metadata, skip=skip)) as chunks:
                async for number, feed in chunks:
                    fed = await feed()
                    await self._reports.note(import_id, fed.refusals)
                    counts = counts.plus(fed.counts)
                    noted = NoteProgress(number + 1, counts, self._clock.now())
                    progress((await self._tell(import_id, noted, f"progress/{number}", metadata)).state)
        completed = CompleteImport(self._clock.now())
        return (await self._tell(import_id, completed, "end", metadata)).state

    async def _prepared(
        self, started: ImportStarted, blocks: AsyncIterator[bytes], feeder: Feeder, metadata: Metadata, *, skip: int
    ) -> AsyncIterator[tuple[int, Feed]]:
        """Yield the chunks by number, read and checked; none of it has been written."""
        async for chunk in chunks_of(blocks, feeder.columns, skip=skip, chunk_lines=self._chunk_lines):
            context = FeedContext(started.import_id, started.agency_code, metadata, self._clock.now())
            yield chunk.number, await feeder.prepare(chunk, context)

    def columns_of(self, kind: FileKindName) -> Columns:
        """Return the columns a file of this kind may have.

        Raises:
            FileRefusedError: Files of this kind are not taken in.
        """
        return self._staging.columns_of(kind)

    async def _tell(self, import_id: str, command: Command, purpose: str, metadata: Metadata) -> Handled[Import]:
        return await handle(
            self._store,
            stream_of(import_id),
            command,
            import_decider,
            commit_id=derived_id(import_id, purpose),
            metadata=metadata,
            snapshots=self._snapshots,
        )


def _metadata(started: ImportStarted) -> Metadata:
    return Metadata(correlation_id=started.import_id, causation_id=started.import_id, actor=started.started_by)


def _id_of(origin: str, attempt: int) -> str:
    return derived_id(origin, f"import/{attempt}")


def stream_of(import_id: str) -> str:
    return f"{STREAM_PREFIX}{import_id}"
